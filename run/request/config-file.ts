/** Options from loadline.yml, as the command line would give them. */
import { dirname, isAbsolute, join } from 'node:path';
import { type Config, configSchema } from '../../scenarios/config/config.ts';
import { keysAt } from '../../scenarios/yaml/schema-keys.ts';
import { describeIssues, inFileOrder, readYaml, type YamlSource } from '../../scenarios/yaml/yaml-source.ts';
import { UsageError } from '../errors.ts';
import { accept, readInputFile } from '../input-file.ts';
import { variableInText } from './given-value.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfiguredOptions {
  scenario: string | null;
  /** By the names under which commands have their options. */
  options: Record<string, unknown>;
}

/** What is kept as written: it may be secret, so that what is recorded is the name of the variable. `command` is for the shell. */
const kept = new Set([
  ...['url', 'headers', 'subprotocols', 'message', 'alsoMessages', 'token', 'webhook', 'variables'],
  ...['parameters', 'ssm', 'imports'],
]);

/** The name of a file of parameters is no secret. */
const isKept = ([top, ...below]: Place['path']): boolean =>
  kept.has(String(top)) && (top !== 'parameters' || below.length > 0);

/**
 * `appliesLoad`: without it, variables of what may be secret need not be set, since nothing is connected with them.
 * @throws UsageError with a line for each problem: `file:line:column`.
 */
export function readConfigFile(
  file: string,
  environment: Environment,
  { appliesLoad = true }: { appliesLoad?: boolean } = {},
): ConfiguredOptions {
  const { source } = accept(readYaml(readInputFile(file, 'configuration file'), file));
  const problems: string[] = [];
  const value = filledIn(source.value ?? {}, { path: [], source, environment, appliesLoad, problems });
  const parsed = configSchema.safeParse(value);
  if (!parsed.success)
    problems.push(...describeIssues({ ...source, value }, parsed.error.issues, (path) => keysAt(configSchema, path)));
  if (!parsed.success || problems.length > 0) throw new UsageError(inFileOrder(problems).join('\n'));
  return optionsOf(parsed.data, dirname(file));
}

interface Place {
  path: readonly (string | number)[];
  source: YamlSource;
  environment: Environment;
  appliesLoad: boolean;
  problems: string[];
}

/** With the values of variables in place of `${NAME}`, except where they may be secret. Each must be set. */
function filledIn(value: unknown, place: Place): unknown {
  const { path, source, environment, appliesLoad, problems } = place;
  if (Array.isArray(value)) return value.map((item, n) => filledIn(item, { ...place, path: [...path, n] }));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, filledIn(item, { ...place, path: [...path, key] })]),
    );
  if (typeof value !== 'string' || path.join('.') === 'token.command') return value;
  return value.replaceAll(variableInText, (whole, name: string) => {
    if (isKept(path) && !appliesLoad) return whole;
    const set = environment[name];
    if (set === undefined || set === '')
      problems.push(source.problemAt(path, `the environment variable ${name} is ${set === '' ? 'empty' : 'not set'}.`));
    return isKept(path) ? whole : (set ?? '');
  });
}

function optionsOf(config: Config, folder: string): ConfiguredOptions {
  const { scenario, plan, settings, target, template, app, feed, limits, latency, faults, parameters, load, token } =
    config;
  const { webhook, limit, variables, headers, ssm, imports, ...rest } = config;
  const at = (path: string | undefined) => (path === undefined || isAbsolute(path) ? path : join(folder, path));
  const isFile = (name: string) => /[/\\]|\.ya?ml$|\.json$/.test(name);
  const named = (name: string | undefined) => (name !== undefined && isFile(name) ? at(name) : name);
  const options: Record<string, unknown> = {
    ...rest,
    ...load,
    ...{ plan: at(plan), settings: at(settings), template: at(template), app: at(app), feed: at(feed) },
    ...{ limits: at(limits), faults: at(faults), target: named(target), latency: named(latency) },
    parameters: typeof parameters === 'string' ? at(parameters) : undefined,
    parameter: typeof parameters === 'object' ? texts(parameters) : undefined,
    ssm: ssm && texts(ssm),
    import: imports && texts(imports),
    subprotocol: rest.subprotocols,
    alsoMessage: rest.alsoMessages,
    header: headers && pairs(headers, ': '),
    variable: variables && pairs(variables, '='),
    limit: limit && pairs(limit, '='),
    ...(token && {
      token: token.value,
      tokenCommand: token.command,
      tokenUsers: token.usersPerToken,
      tokenConcurrency: token.concurrency,
      tokenTimeout: token.timeoutSeconds,
    }),
    ...(webhook && {
      webhookUrl: webhook.url,
      alsoWebhookUrl: webhook.alsoUrls,
      webhookMix: webhook.mix,
      webhook: webhook.body,
      webhookHeader: webhook.headers && pairs(webhook.headers, ': '),
      webhookOwner: webhook.owner,
      push: webhook.push,
      sign: signOf(webhook),
    }),
  };
  for (const name of [
    'scenario',
    'load',
    'subprotocols',
    'alsoMessages',
    ...(token ? [] : ['token']),
    ...(webhook ? [] : ['webhook']),
  ])
    delete options[name];
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { scenario: scenario === undefined ? null : (named(scenario) ?? null), options: Object.fromEntries(given) };
}

/** As `--sign` is repeated. */
function signOf({ sign, secret }: NonNullable<Config['webhook']>): string[] | undefined {
  if (sign === undefined && secret === undefined) return undefined;
  const ofSecret = secret === undefined ? [] : [`secret=${secret}`];
  if (sign === undefined || typeof sign === 'string') return [...(sign === undefined ? [] : [sign]), ...ofSecret];
  const { preset, headers, ...keys } = sign;
  return [
    ...(preset === undefined ? [] : [preset]),
    ...pairs(keys, '='),
    ...pairs(headers ?? {}, '=', 'headers.'),
    ...ofSecret,
  ];
}

const pairs = (values: object, between: string, before = ''): string[] =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${before}${name}${between}${value}`);

const texts = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

/** Options that each name a target of their own: one on the command line stands in place of all that the file has. */
const targetNames = ['target', 'template', 'app', 'stack'] as const;
const isWhole = (url: unknown): boolean => typeof url === 'string' && /^[a-z]+:/i.test(url) && !/^\$/.test(url);
/** What belongs to a template. */
const ofTemplate = ['parameters', 'parameter', 'ssm', 'import', 'ignore'];

/**
 * The file's options beside those of the command line, which come first: value by value, and of lists and maps entry by entry.
 * @param given those of the command line alone.
 */
export function mergedOptions(
  file: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const names = targetNames.filter((name) => given[name] !== undefined);
  // The stack of an app that the file names.
  const choosesStack = names.join() === 'stack' && file.app !== undefined;
  const replacesTarget = (names.length > 0 && !choosesStack) || isWhole(given.url);
  const replaced = new Set(Object.keys(given).flatMap((name) => ofToken[name] ?? []));
  const left = Object.entries(file).filter(([name, value]) => {
    if (replaced.has(name)) return false;
    if (!replacesTarget) return true;
    const isTarget = targetNames.some((each) => each === name) || (name === 'url' && isWhole(value));
    return !isTarget && !ofTemplate.includes(name);
  });
  const merged: Record<string, unknown> = Object.fromEntries(left);
  for (const [name, value] of Object.entries(given)) merged[name] = both(name, merged[name], value);
  return merged;
}

/** What a token on the command line takes the place of: either option says all of what a token is. */
const ofToken: Readonly<Record<string, readonly string[]>> = {
  token: ['tokenCommand', 'tokenUsers', 'tokenConcurrency', 'tokenTimeout'],
  tokenCommand: ['token'],
};

/** Lists of `name: value` and `name=value`, by name. */
const byName: Readonly<Record<string, RegExp>> = {
  header: /^[^:]*/,
  webhookHeader: /^[^:]*/,
  variable: /^[^=]*/,
  limit: /^[^=]*/,
};

function both(name: string, ofFile: unknown, given: unknown): unknown {
  const nameOf = byName[name];
  if (nameOf !== undefined && Array.isArray(ofFile) && Array.isArray(given)) {
    const key = (text: unknown) => nameOf.exec(String(text))?.[0].toLowerCase();
    const taken = new Set(given.map(key));
    return [...ofFile.filter((text) => !taken.has(key(text))), ...given];
  }
  if (isMap(ofFile) && isMap(given)) return { ...ofFile, ...given };
  return given;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
