import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../package-root.ts';
import { type Entry, fingerprintOf, suiteJsonSchema, suiteSchema } from './suite.ts';

const root = mkdtempSync(join(tmpdir(), 'loadline-suite-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, text: string): string => {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const entryOf = (entry: Record<string, unknown>): Entry => {
  const [parsed] = suiteSchema.parse({ entries: [entry] }).entries;
  if (parsed === undefined) throw new Error('one entry');
  return parsed;
};

test('a built-in scenario is that of the Loadline that is measured', () => {
  put('old/scenarios/sync.yml', 'users: 10');
  put('same/scenarios/sync.yml', '# as before\nusers: 10');
  put('new/scenarios/sync.yml', 'users: 20');
  const entry = entryOf({ name: 'sync', kind: 'run' });
  const of = (loadline: string) => fingerprintOf(entry, { folder: root, loadline: join(root, loadline) });
  expect(of('same')).toBe(of('old'));
  expect(of('new')).not.toBe(of('old'));
});

test.each([
  ['scenario', 'run'],
  ['plan', 'plan'],
])('a %s with an absolute path counts by its contents', (key, kind) => {
  const file = put(`${key}.yml`, 'a: 1');
  const entry = entryOf({ name: 'own', kind, [key]: file });
  const place = { folder: join(root, 'project'), loadline: join(root, 'loadline') };
  const before = fingerprintOf(entry, place);
  put(`${key}.yml`, 'a: 2');
  expect(fingerprintOf(entry, place)).not.toBe(before);
});

const published = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');
// What a URL is, is for the parser to say.
const validate = new Ajv({ strict: false, validateFormats: false }).compile(suiteJsonSchema());

test('the published schema is the one that the parser gives: else run npm run schemas', () => {
  expect(JSON.parse(published('suites/suite.schema.json'))).toEqual(suiteJsonSchema());
});

test.each(['suites/nightly.yml', '.github/suites/aws.yml', '.github/suites/pull-request.yml'])(
  '%s is valid by it, and names it for editors',
  (file) => {
    const text = published(file);
    validate(parse(text));
    expect(validate.errors).toBeNull();
    expect(text).toMatch(/^# yaml-language-server: \$schema=(?:\.\.\/\.\.\/suites\/)?suite\.schema\.json$/m);
  },
);

test.each([
  ['no entry', { entries: [] }],
  ['an unknown kind', { entries: [{ name: 'a', kind: 'storm' }] }],
  ['an unknown key', { entries: [{ name: 'a', kind: 'plan', repeats: 3 }] }],
  ['an option with its dashes', { entries: [{ name: 'a', kind: 'run', options: { '--steady': 5 } }] }],
  ['a name that a series cannot have', { entries: [{ name: 'a.b', kind: 'run' }] }],
  ['a part of a repeat', { entries: [{ name: 'a', kind: 'run', repeats: 1.5 }] }],
])('it rejects %s, as the parser does', (_what, suite) => {
  expect(validate(suite)).toBe(false);
  expect(suiteSchema.safeParse(suite).success).toBe(false);
});
