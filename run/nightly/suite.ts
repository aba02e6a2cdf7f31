/** A suite: what is measured every night. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { readYamlFile } from '../input-file.ts';
import { packageRoot } from '../package-root.ts';
import type { Checkout } from './child-command.ts';

/** The suite that comes with Loadline. */
export const defaultSuite: string = join(packageRoot, 'suites', 'nightly.yml');

const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    'letters, digits, "-" and "_" (a series is named after it, up to the first ".")',
  );
/** Of a page that others open: links to it stand in reports. */
const webProtocol = /^https?$/;
const optionValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);
const common = {
  name: name.describe('Its series are named <name>.<metric>.'),
  formerly: z.array(name).exactOptional().describe('Earlier names, whose series go on under this one.'),
  options: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'the name of an option, without dashes before it'), optionValue)
    .default({})
    .describe('Options of the command that is run, without their dashes, as in message-rate: 100.'),
};
const repeats = z
  .int()
  .min(1)
  .max(9)
  .describe('It is run so often: times count by their smallest, everything else by its median.');

const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run').describe('A scenario.'),
    ...common,
    scenario: z.string().default('sync').describe('Name from the catalogue, or an Artillery script.'),
    repeats: repeats.default(3),
  }),
  z.strictObject({
    kind: z.literal('search').describe('A capacity search.'),
    ...common,
    scenario: z.string().default('messaging').describe('Name from the catalogue, or an Artillery script.'),
    repeats: repeats.default(1),
  }),
  z.strictObject({
    kind: z.literal('plan').describe('What loadline plan says: nothing is run.'),
    ...common,
    plan: z.string().exactOptional().describe('File of the usage plan; default: the one that comes with Loadline.'),
  }),
  z.strictObject({
    kind: z.literal('micro').describe('What a connect, a message and a webhook cost: three short runs.'),
    ...common,
    repeats: repeats.default(3),
  }),
]);
export type Entry = z.infer<typeof entrySchema>;

export const suiteSchema = z.strictObject({
  prepare: z
    .array(z.string())
    .exactOptional()
    .describe(
      'Shell commands that make a fresh checkout ready to be measured, for --against; default: npm ci, where there is a package-lock.json.',
    ),
  repository: z
    .url({ protocol: webProtocol })
    .exactOptional()
    .describe(
      'Where the commits can be read, as in https://github.com/owner/name; default: that of the CI, or of the remote.',
    ),
  entries: z
    .array(entrySchema)
    .min(1)
    .superRefine((entries, context) => {
      const seen = new Set<string>();
      for (const [index, entry] of entries.entries()) {
        for (const each of [entry.name, ...(entry.formerly ?? [])]) {
          if (seen.has(each))
            context.addIssue({
              code: 'custom',
              path: [index, 'name'],
              message: `"${each}" is the name of two entries`,
            });
          seen.add(each);
        }
      }
    })
    .describe('What is measured, in this order, round after round.'),
});
export type Suite = z.infer<typeof suiteSchema>;

/** The JSON schema with which editors complete a suite. Pure. */
export function suiteJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(suiteSchema, { io: 'input', target: 'draft-7' });
  return {
    $schema,
    title: 'Suite of loadline nightly',
    description: 'Generated from the suite’s parser by `npm run schemas`: do not edit.',
    ...schema,
  };
}

/** @throws UsageError with a sentence for each thing that is wrong, and its place. */
export const readSuite = (file: string): Suite => readYamlFile(file, 'suite', suiteSchema);

/** The options as arguments. */
export function argumentsOf(options: Entry['options']): string[] {
  return Object.entries(options).flatMap(([key, value]) => {
    if (value === false) return [];
    if (value === true) return [`--${key}`];
    return [value].flat().flatMap((each) => [`--${key}`, String(each)]);
  });
}

/**
 * Of everything that decides what an entry measures: its own settings, and the contents of the files that they name, read from the checkout's folder, and of the scenarios of the
 * Loadline that runs it. Not of its name, of how often it is repeated, or of comments.
 */
export function fingerprintOf(entry: Entry, { folder, loadline }: Pick<Checkout, 'folder' | 'loadline'>): string {
  const builtIn = (file: string): string | null => {
    const path = join(loadline, 'scenarios', file);
    return existsSync(path) ? path : null;
  };
  const scenario = 'scenario' in entry ? entry.scenario : 'messaging';
  const files = [
    builtIn(`${scenario}.yml`) ?? resolve(folder, scenario),
    ...('plan' in entry && entry.plan !== undefined ? [resolve(folder, entry.plan)] : []),
    ...Object.values(entry.options)
      .flat()
      .map((value) => resolve(folder, String(value))),
    ...(entry.options.plan === undefined && !('plan' in entry) ? [builtIn('plan.yml') ?? ''] : []),
    resolve(folder, 'loadline.yml'),
  ];
  const { name: _name, formerly: _formerly, ...rest } = entry;
  const settings = { ...rest, repeats: null };
  const contents = files.map(meaningOf);
  return createHash('sha256')
    .update(JSON.stringify([settings, contents]))
    .digest('hex')
    .slice(0, 12);
}

/** Of a YAML file what it says, of another its text; null where there is no file. */
function meaningOf(path: string): unknown {
  if (path === '' || !existsSync(path) || !statSync(path).isFile()) return null;
  const text = readFileSync(path, 'utf8');
  if (!/\.(?:ya?ml|json)$/.test(path)) return text;
  try {
    return parseYaml(text);
  } catch {
    return text;
  }
}
