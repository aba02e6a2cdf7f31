/** What the bundle is made of. It is not made here: a unit test starts no process. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { keep, livePages } from './script.ts';

const imports = /^(?:import|export) (?!type )(?:[^;]*? from )?'([^']+)';/gms;

/** Every module that runs in the page, by what it imports other than types. */
function reached(file: string, seen: Map<string, string[]> = new Map()): Map<string, string[]> {
  if (seen.has(file)) return seen;
  const found = [...readFileSync(file, 'utf8').matchAll(imports)].map(([, name = '']) => name);
  seen.set(
    file,
    found.filter((name) => !name.startsWith('.')),
  );
  for (const name of found) if (name.startsWith('.')) reached(join(dirname(file), name), seen);
  return seen;
}

test.each(livePages)(
  'what runs in the page of %s is the project’s own pure code: no package, nothing of Node',
  (page) => {
    const modules = reached(fileURLToPath(new URL(`browser/${page}.main.ts`, import.meta.url)));
    expect(modules.size).toBeGreaterThan(60);
    expect([...modules].filter(([, packages]) => packages.length > 0)).toEqual([]);
  },
);

test('where the bundle cannot be kept, that is no error', async () => {
  const file = fileURLToPath(import.meta.url);
  expect(await keep(join(file, 'below-a-file.json'), '{}')).toBe(false);
});
