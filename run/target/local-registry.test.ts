import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { localTarget } from '../../metrics/target.fixture.ts';
import { UsageError } from '../errors.ts';
import { findLocalTargets, registerLocalTarget } from './local-registry.ts';

const target = localTarget({ cloudwatch: 'http://127.0.0.1:1', sqs: 'http://127.0.0.1:2' });
let temporary: string;
let registry: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'loadline-registry-'));
  vi.stubEnv('TMPDIR', temporary);
  registry = join(temporary, `loadline-${userInfo().uid}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
});

test('a target is found until it is taken off the list, and then no folder is left', () => {
  expect(findLocalTargets()).toEqual([]);
  const unregister = registerLocalTarget(target);
  expect(findLocalTargets()).toEqual([target]);
  unregister();
  expect(findLocalTargets()).toEqual([]);
  expect(existsSync(registry)).toBe(false);
});

test('the note of a process that is gone is skipped and removed, and one that is cut off is skipped', () => {
  registerLocalTarget(target);
  // No Linux process has a higher id than 2^22.
  const gone = join(registry, `local-${2 ** 22 + 1}.json`);
  writeFileSync(gone, JSON.stringify(target));
  writeFileSync(join(registry, `local-${process.ppid}.json`), '{"cut');
  expect(findLocalTargets()).toEqual([target]);
  expect(existsSync(gone)).toBe(false);
});

test('a folder that other users may enter is neither written nor read', () => {
  mkdirSync(registry);
  chmodSync(registry, 0o755);
  expect(() => registerLocalTarget(target)).toThrow(UsageError);
  expect(() => registerLocalTarget(target)).toThrow(
    `${registry} is accessible to other users: remove it and start again.`,
  );
  expect(findLocalTargets()).toEqual([]);
});
