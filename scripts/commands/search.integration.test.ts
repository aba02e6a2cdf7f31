/** `loadline search` as a user meets it, up to the point where it would apply load. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const command = fileURLToPath(new URL('../loadline.js', import.meta.url));
const run = promisify(execFile);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-search-command-'));
  writeFileSync(join(folder, 'search.json'), '{ "schemaVersion": 1 }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [[], '--vary is missing: give one of connections, messages, webhooks.'],
  [['--vary', 'users'], '--vary users: give one of connections, messages, webhooks.'],
  [['--vary', 'messages', '--slo', 'latency=3'], '--slo latency: there is no such objective. There are: connectP99Ms'],
  [['--vary', 'messages', '--start', '100', '--max', '10'], '--max 10 is below the first load, 100'],
  [['--vary', 'connections', '--max', '50000'], '50000 connections are more than the 19000'],
  [['--vary', 'messages', '--width', '2'], '--width 2 is not below 1'],
  [['--resume', 'nowhere'], 'nowhere cannot be resumed: nowhere/search.json could not be read: it does not exist.'],
  [['--resume', '.'], 'has another layout than this version reads'],
  [['--resume', '.', '--vary', 'messages'], '--vary cannot be given with --resume'],
  [['sync', '--resume', '.'], 'sync cannot be given with --resume'],
])('search %j: exit code 2 and a sentence', async (args, sentence) => {
  const failed = run(process.execPath, [command, 'search', ...args], { cwd: folder });
  await expect(failed).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) });
  await expect(failed).rejects.toMatchObject({ stderr: expect.not.stringContaining('    at ') });
});
