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
const optionValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);
const common = {
  name,
  /** Earlier names, whose series go on under this one. */
  formerly: z.array(name).exactOptional(),
  /** Options of the command, without their dashes: `message-rate: 100`. */
  options: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'the name of an option, without dashes before it'), optionValue)
    .default({}),
};
const repeats = z.int().min(1).max(9);

const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run'),
    ...common,
    scenario: z.string().default('sync'),
    repeats: repeats.default(3),
  }),
  z.strictObject({
    kind: z.literal('search'),
    ...common,
    scenario: z.string().default('messaging'),
    repeats: repeats.default(1),
  }),
  z.strictObject({ kind: z.literal('plan'), ...common, plan: z.string().exactOptional() }),
  z.strictObject({ kind: z.literal('micro'), ...common, repeats: repeats.default(3) }),
]);
export type Entry = z.infer<typeof entrySchema>;

export const suiteSchema = z.strictObject({
  /** Shell commands that make a fresh checkout ready to be measured, for --against. */
  prepare: z.array(z.string()).exactOptional(),
  /** Where the commits can be read, as in https://github.com/owner/name. */
  repository: z.url().exactOptional(),
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
    }),
});
export type Suite = z.infer<typeof suiteSchema>;

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
