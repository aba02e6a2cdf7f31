/** Paths named in the documentation exist: a page about the code cannot go stale after a move. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (page: string) => readFileSync(new URL(page, root), 'utf8');

/** In code marks: a path below a folder of the project, as `run/benchmark.ts` or `stack/`. */
const pathPattern =
  /`((?:aws|graph|template|stack|handlers|local|engine|scenarios|record|run|metrics|capacity|reports|scripts|test|bench|docs)\/[\w./-]*)`/g;

test.each(['docs/architecture.md', 'CONTRIBUTING.md'])('%s names only files and folders that exist', (page) => {
  const paths = [...read(page).matchAll(pathPattern)].map(([, path]) => path ?? '');
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

test.each(['docs/architecture.md', 'CONTRIBUTING.md'])('%s has a row for every folder of code', (page) => {
  const { include } = JSON.parse(read('tsconfig.build.json')) as { include: string[] };
  const rows = [...read(page).matchAll(/^\| `(\w+)\/`/gm)].map(([, folder]) => folder);
  expect(include.map((folder) => folder.split('/')[0]).filter((folder) => !rows.includes(folder))).toEqual([]);
});

test('every npm script that CONTRIBUTING.md names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read('CONTRIBUTING.md').matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});
