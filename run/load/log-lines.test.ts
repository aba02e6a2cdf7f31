import { mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { concealer } from '../../engine/src/concealment.ts';
import { logLines } from './log-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'loadline-log-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The log of chunks, each written once the one before has been read. */
async function logOf(name: string, chunks: readonly string[]): Promise<string> {
  const path = join(folder, name);
  const stream = new PassThrough();
  const logged = logLines([stream, null], openSync(path, 'a', 0o600), concealer(['secret-word']));
  for (const chunk of chunks) {
    stream.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stream.end();
  await logged;
  expect(statSync(path).mode & 0o777).toBe(0o600);
  return readFileSync(path, 'utf8');
}

test('lines are kept without secrets, wherever a chunk ends', async () => {
  expect(await logOf('chunks', ['a sec', 'ret-w', 'ord b\nc secret-', 'word', '\nlast'])).toBe('a *** b\nc ***\nlast');
});

test('a line without an end is kept in parts', async () => {
  const long = 'x'.repeat(100_000);
  expect(await logOf('long', [long, '\nend\n'])).toBe(`${long}\nend\n`);
});

test('a log that cannot be written ends nothing', async () => {
  writeFileSync(join(folder, 'read-only'), '');
  const stream = new PassThrough();
  const logged = logLines([stream], openSync(join(folder, 'read-only'), 'r'), (text) => text);
  stream.end('text\n');
  await expect(logged).resolves.toBeUndefined();
});
