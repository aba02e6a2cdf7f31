import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Entry, fingerprintOf, suiteSchema } from './suite.ts';

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
