import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../command-line.fixture.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-search-command-'));
  writeFileSync(join(folder, 'search.json'), '{ "schemaVersion": 3, "loadlineVersion": "0.1.0" }');
  mkdirSync(join(folder, 'old'));
  writeFileSync(join(folder, 'old', 'search.json'), '{ "schemaVersion": 1 }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [[], '--vary is missing: give one of connections, messages, webhooks.'],
  [['--vary', 'users'], '--vary users: give one of connections, messages, webhooks.'],
  [['--vary', 'messages', '--slo', 'latency=3'], '--slo latency: unknown objective. Known objectives: connectP99Ms'],
  [['--vary', 'messages', '--start', '100', '--max', '10'], '--max 10 is below the first load, 100'],
  [['--vary', 'connections', '--max', '50000'], '50000 connections are more than the 19000'],
  [['--vary', 'messages', '--width', '2'], '--width 2 is not below 1'],
  [['--resume', 'nowhere'], 'nowhere/search.json could not be read: it does not exist. It cannot be resumed'],
  [['--resume', '.'], 'search.json has layout 3 (made by Loadline 0.1.0), but this version reads layout 4'],
  [
    ['--resume', 'old'],
    'old/search.json has layout 1 (made by another version of Loadline), but this version reads layout 4',
  ],
  [['--resume', '.', '--vary', 'messages'], '--vary cannot be given with --resume'],
  [['sync', '--resume', '.'], 'sync cannot be given with --resume'],
])('search %j: exit code 2 and a sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await commandLine(['search', ...args], { folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain('    at ');
});
