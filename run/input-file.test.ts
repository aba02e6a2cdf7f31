import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readInputFile } from './input-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'loadline-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what waits for a writer, never ends or is no file at all is refused in a sentence, not read', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('/usr/bin/env', ['mkfifo', pipe]);
  for (const path of [pipe, '/dev/zero', '/dev/tty', folder])
    expect(() => readInputFile(path, 'plan'), path).toThrow(
      /^The plan \S+ (?:is not a file|cannot be read|does not exist)/,
    );
});

test('a file is read', () => {
  writeFileSync(join(folder, 'plan.yml'), 'users: 1\n');
  expect(readInputFile(join(folder, 'plan.yml'), 'plan')).toBe('users: 1\n');
});
