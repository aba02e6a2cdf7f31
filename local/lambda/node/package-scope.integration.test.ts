import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { standAlone } from './package-scope.ts';

/** A function's folder in a project of ES modules. */
function functionIn(project: Record<string, string>, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'loadline-scope-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const code = join(root, 'functions/hello');
  const all = [...Object.entries(project).map(([name, text]) => [join(root, name), text] as const)];
  for (const [name, text] of Object.entries(files)) all.push([join(code, name), text]);
  for (const [path, text] of all) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return code;
}

const esModules = { 'package.json': '{"type":"module"}' };

test('CommonJS of a function stays CommonJS in a project of ES modules, with all that it requires', () => {
  const code = functionIn(esModules, {
    'index.js': "exports.sum = require('./lib/one').one + require('./lib/own').two;",
    'lib/one.js': 'exports.one = 1;',
    'lib/own.js': 'module.exports = { two: 2 };',
  });
  const scope = standAlone(code);
  expect(scope.isMistaken(join(code, 'index.js'))).toBe(true);
  expect(scope.load(join(code, 'index.js'))).toEqual({ sum: 3 });
});

test.each([
  ['that is an ES module', esModules, { 'index.js': 'export const a = 1;' }],
  ['with a package.json of its own', esModules, { 'index.js': 'exports.a = 1;', 'package.json': '{}' }],
  ['of a project without a type', { 'package.json': '{}' }, { 'index.js': 'exports.a = 1;' }],
])('a file %s is what Node.js takes it for', (_what, project, files) => {
  const code = functionIn(project, files);
  expect(standAlone(code).isMistaken(join(code, 'index.js'))).toBe(false);
});
