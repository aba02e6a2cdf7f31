import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunFileError } from '../record/json-file.ts';
import { exampleObservation } from './example-observation.fixture.ts';
import { exampleRun } from './example-run.fixture.ts';
import { writeReports } from './write.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadline-reports-'));
});
afterEach(() => rm(folder, { recursive: true }));
const put = (name: string, value: unknown) => writeFile(join(folder, name), JSON.stringify(value));

test('writes four reports and nothing else, the same ones when repeated', async () => {
  await put('run.json', exampleRun());
  await put('observation.json', exampleObservation());
  const report = await writeReports(folder);
  const names = ['junit.xml', 'observation.json', 'report.html', 'report.json', 'report.md', 'run.json'];
  expect((await readdir(folder)).toSorted()).toEqual(names);
  const read = () => Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const once = await read();
  expect(JSON.parse(once[names.indexOf('report.json')] ?? '').verdict).toEqual(report.verdict);
  await writeReports(folder);
  expect(await read()).toEqual(once);
});

test('without an observation: a partial report', async () => {
  await put('run.json', exampleRun({ outcome: { kind: 'crashed', part: 'target', reason: 'killed' } }));
  expect((await writeReports(folder)).verdict.status).toBe('partial');
});

test.each<[string, unknown, RegExp]>([
  [
    'another schemaVersion',
    { ...exampleRun(), schemaVersion: 1 },
    /run\.json has layout 1 \(made by Loadline \S+\), but this version reads layout 2/,
  ],
  ['no run.json', undefined, /run\.json could not be read: it does not exist/],
])('%s: one sentence that names the file', async (_name, run, message) => {
  if (run !== undefined) await put('run.json', run);
  await expect(writeReports(folder)).rejects.toThrow(RunFileError);
  await expect(writeReports(folder)).rejects.toThrow(message);
});

test('a file that was cut off', async () => {
  await put('run.json', exampleRun());
  await writeFile(join(folder, 'observation.json'), '{"schemaVersion":1,');
  await expect(writeReports(folder)).rejects.toThrow(/observation\.json is not JSON: it was cut off or edited/);
});
