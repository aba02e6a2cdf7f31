import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { codeCache } from './code-cache.ts';

let folder = '';
const uid = process.getuid?.() ?? 'user';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-test-'));
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv('NODE_COMPILE_CACHE', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('is a folder that only this user can read and write', () => {
  const { NODE_COMPILE_CACHE: path = '' } = codeCache();
  expect(path).toBe(join(folder, `loadline-code-${uid}`));
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(codeCache()).toEqual({ NODE_COMPILE_CACHE: path });
});

it('is not one that others can write, or that leads elsewhere', () => {
  const path = join(folder, `loadline-code-${uid}`);
  mkdirSync(path);
  chmodSync(path, 0o777);
  expect(codeCache()).toEqual({});
  vi.stubEnv('TMPDIR', join(folder, 'second'));
  mkdirSync(join(folder, 'second'));
  symlinkSync(path, join(folder, 'second', `loadline-code-${uid}`));
  expect(codeCache()).toEqual({});
});

it('begins anew after a week', () => {
  const { NODE_COMPILE_CACHE: path = '' } = codeCache();
  mkdirSync(join(path, 'old'));
  codeCache(Date.now() + 6 * 86_400_000);
  expect(statSync(join(path, 'old'), { throwIfNoEntry: false })).toBeDefined();
  codeCache(Date.now() + 8 * 86_400_000);
  expect(statSync(join(path, 'old'), { throwIfNoEntry: false })).toBeUndefined();
});

it('leaves a folder of the user’s own choice', () => {
  vi.stubEnv('NODE_COMPILE_CACHE', '/somewhere');
  expect(codeCache()).toEqual({ NODE_COMPILE_CACHE: '/somewhere' });
});
