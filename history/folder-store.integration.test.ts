import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderStore } from './folder-store.ts';
import { readHistory } from './history.ts';
import { lineOf } from './lines.fixture.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadline-history-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a name is written once: of two processes that write it at once, one is told that it is taken', async () => {
  const entry = new URL('./folder-store.ts', import.meta.url).href;
  const script = (text: string) =>
    `import { folderStore } from ${JSON.stringify(entry)}; console.log(await folderStore(${JSON.stringify(folder)}).create('n.ndjson', ${JSON.stringify(text)}));`;
  const run = (text: string) => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script(text)]);
  const ends = await Promise.all([run('first\n'), run('second\n')]);
  const said = ends.map(({ stdout }) => stdout.trim());
  expect(said.toSorted()).toEqual(['taken', 'written']);
  expect(await folderStore(folder).read('n.ndjson')).toBe(said[0] === 'written' ? 'first\n' : 'second\n');
  expect(await readdir(folder)).toEqual(['n.ndjson']);
});

test('what a killed writer left half done is no part of the history', async () => {
  await writeFile(join(folder, 'a.ndjson.123.tmp'), JSON.stringify(lineOf(0, 1)).slice(0, 30));
  expect(await readHistory(folderStore(folder))).toEqual({ lines: [], acknowledgements: [], skipped: [] });
});

test('a folder that the system refuses though the one above is there is refused at once, before anything is measured for it', async () => {
  const refused = folderStore('/proc/loadline/history');
  await expect(refused.prepare()).rejects.toThrow(/could not be written: .+\. Name another with --history\./);
  await expect(refused.create('a.ndjson', '')).rejects.toThrow(/could not be written/);
});

test('a place that is none says so, and what to do', async () => {
  await writeFile(join(folder, 'file'), '');
  const inFile = folderStore(join(folder, 'file', 'history'));
  await expect(inFile.create('a.ndjson', '')).rejects.toThrow(
    /could not be written: there is a file where a folder is needed\. Name another with --history\./,
  );
  await mkdir(join(folder, 'a.ndjson'));
  await expect(readHistory(folderStore(folder))).rejects.toThrow(/could not be read: it is not a file/);
});
