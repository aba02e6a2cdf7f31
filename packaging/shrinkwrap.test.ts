import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lockSchema, shrinkwrapOf } from './shrinkwrap.ts';

const lock = lockSchema.parse({
  name: 'product',
  version: '1.0.0',
  lockfileVersion: 3,
  packages: {
    '': {
      name: 'product',
      workspaces: ['part'],
      bundleDependencies: ['part'],
      dependencies: { a: '1.0.0', part: '1.0.0' },
      devDependencies: { tester: '1.0.0' },
    },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a', dependencies: { b: '^2' } },
    'node_modules/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-b2' },
    'node_modules/a-sunos-x64': { version: '1.0.0', optional: true, os: ['sunos'], cpu: ['x64'] },
    'node_modules/a-linux-x64': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'] },
    'node_modules/b': { version: '1.0.0', integrity: 'sha512-b1' },
    'node_modules/c': { version: '3.0.0', integrity: 'sha512-c', dependencies: { b: '^1' } },
    'node_modules/part': { resolved: 'part', link: true },
    'node_modules/tester': { version: '1.0.0', dev: true },
    part: { name: 'part', version: '1.0.0', dependencies: { c: '3.0.0' }, devDependencies: { tester: '1.0.0' } },
  },
});

test('a shrinkwrap has the packages of production with the versions and checksums of the lock, and no others', () => {
  const { packages } = shrinkwrapOf(lock);
  expect(Object.keys(packages)).toEqual([
    '',
    'node_modules/a',
    'node_modules/a/node_modules/b',
    // npm would install the builds for every platform on every platform: those that few use are left out.
    'node_modules/a-linux-x64',
    'node_modules/b',
    'node_modules/c',
    'node_modules/part',
  ]);
  expect(packages['node_modules/a']).toEqual(lock.packages['node_modules/a']);
  expect(packages['']).not.toHaveProperty('devDependencies');
  expect(packages['']).not.toHaveProperty('workspaces');
});

test('what the package carries with it is marked, with its own dependencies: npm does not fetch it', () => {
  const { packages } = shrinkwrapOf(lock);
  const carried = Object.entries(packages).flatMap(([folder, entry]) => ('inBundle' in entry ? [folder] : []));
  expect(carried).toEqual(['node_modules/b', 'node_modules/c', 'node_modules/part']);
  // A package in place of the link to a folder that an installation does not have.
  expect(packages['node_modules/part']).toEqual({ version: '1.0.0', dependencies: { c: '3.0.0' }, inBundle: true });
});

test('a lock that is behind package.json is refused', () => {
  const { 'node_modules/c': _c, ...packages } = lock.packages;
  expect(() => shrinkwrapOf({ ...lock, packages })).toThrow(
    'package-lock.json has no c, which node_modules/part needs: run npm install.',
  );
});

test("the project's own shrinkwrap names no registry's host, and has a checksum for all that is fetched", () => {
  const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
  const shrinkwrap = shrinkwrapOf(lockSchema.parse(JSON.parse(text)));
  expect(JSON.stringify(shrinkwrap)).not.toMatch(/"resolved":"[a-z]+:/);
  const unchecked = Object.entries(shrinkwrap.packages).flatMap(([folder, entry]) =>
    folder === '' || 'integrity' in entry || 'inBundle' in entry ? [] : [folder],
  );
  expect(unchecked).toEqual([]);
});
