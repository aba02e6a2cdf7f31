import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const versions = z.record(z.string(), z.string()).default({});
const manifestSchema = z.looseObject({
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
  peerDependencies: versions,
  overrides: z.record(z.string(), z.union([z.string(), versions])).default({}),
});
const manifestOf = (path: string) =>
  manifestSchema.parse(JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')));

/** One version, or one version under another name. */
const exact = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.-]+)?$/;

test.each(['package.json', 'engine/package.json'])('%s names every direct dependency by one exact version', (path) => {
  const { overrides, ...manifest } = manifestOf(path);
  const lists = [
    manifest.dependencies,
    manifest.devDependencies,
    manifest.optionalDependencies,
    manifest.peerDependencies,
  ];
  const all = [
    ...lists.flatMap(Object.entries),
    ...Object.entries(overrides).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : Object.entries(value),
    ),
  ];
  expect(all.length).toBeGreaterThan(0);
  expect(all.filter(([, version]) => !exact.test(version))).toEqual([]);
});

test.each([
  '^1.2.3',
  '~1.2.3',
  '*',
  '1.x',
  '>=1',
  '1',
  'latest',
  '1.2.3 || 2.0.0',
  'npm:a@^1.0.0',
  'file:a',
  'github:a/b',
])('%s is not one version', (version) => {
  expect(version).not.toMatch(exact);
});

test('the engine and the project use one version of what both depend on', () => {
  const [project, engine] = [manifestOf('package.json'), manifestOf('engine/package.json')];
  const shared = Object.entries(engine.dependencies).filter(([name]) => name in project.dependencies);
  expect(Object.keys(engine.dependencies).length).toBe(shared.length);
  for (const [name, version] of shared) expect(project.dependencies[name], name).toBe(version);
});
