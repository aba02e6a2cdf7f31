/** Quotas of the local target: a file, single limits, and the two scales. */
import { type LimitsInput, limitsSchema } from '../../local/start.ts';
import { keysAt } from '../../scenarios/yaml/schema-keys.ts';
import { describeIssues, readYaml, type YamlSource } from '../../scenarios/yaml/yaml-source.ts';
import { UsageError } from '../errors.ts';
import { accept, readInputFile } from '../input-file.ts';

export interface LimitOptions {
  limits?: string;
  limit?: readonly string[];
  quotaScale?: number;
  timeScale?: number;
}

type Tree = Record<string, unknown>;

/**
 * The options, checked; undefined when none was given.
 * @throws UsageError with a line for each problem: `file:line:column` for the file, the option as it was given for the rest.
 */
export function readLimits(options: LimitOptions): LimitsInput | undefined {
  const { limits: file, limit = [], quotaScale, timeScale } = options;
  const settings = [
    ...limit.map(parseSetting),
    ...(quotaScale === undefined ? [] : [{ option: `--quota-scale ${quotaScale}`, tree: { quotaScale } }]),
    ...(timeScale === undefined ? [] : [{ option: `--time-scale ${timeScale}`, tree: { timeScale } }]),
  ];
  if (file === undefined && settings.length === 0) return undefined;
  let limits: Tree = file === undefined ? {} : checkedFile(file);
  for (const setting of settings) limits = merged(limits, checkedSetting(setting));
  return limits as LimitsInput;
}

function checkedFile(file: string): Tree {
  const { source } = accept(readYaml(readInputFile(file, 'limits file'), file));
  const value = source.value ?? {};
  check(source, value);
  // The values as written, not as parsed: a default is scaled, an explicit value is not.
  return value as Tree;
}

interface Setting {
  option: string;
  tree: Tree;
}

function parseSetting(text: string): Setting {
  const option = `--limit ${text}`;
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`${option}: expected name=value, as in accountThrottle.ratePerSecond=100.`);
  const path = text.slice(0, equals).split('.');
  const { source } = accept(readYaml(text.slice(equals + 1), option));
  return { option, tree: path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), source.value) as Tree };
}

function checkedSetting({ option, tree }: Setting): Tree {
  const sentence = (text: string) => `${option}: ${text}`;
  const problemAt = (_path: unknown, text: string) => sentence(text);
  check({ value: tree, problemAt, problemAtKey: (_path, _key, text) => sentence(text) }, tree);
  return tree;
}

function check(source: YamlSource, value: unknown): void {
  const parsed = limitsSchema.safeParse(value);
  if (!parsed.success)
    throw new UsageError(describeIssues(source, parsed.error.issues, (path) => keysAt(limitsSchema, path)).join('\n'));
}

function merged(before: Tree, after: Tree): Tree {
  const result = { ...before };
  for (const [key, value] of Object.entries(after)) {
    const old = result[key];
    result[key] = isTree(old) && isTree(value) ? merged(old, value) : value;
  }
  return result;
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
