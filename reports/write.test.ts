import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunFileError } from '../record/json-file.ts';
import { exampleObservation } from './example-observation.fixture.ts';
import { exampleRun } from './example-run.fixture.ts';
import { buildReport } from './report.ts';
import { writeReports } from './write.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadline-reports-'));
});
afterEach(() => rm(folder, { recursive: true }));
const report = buildReport(exampleRun(), exampleObservation());

test('writes five reports and the events by id, nothing else, the same ones when repeated', async () => {
  await writeReports(folder, report, exampleObservation());
  const names = ['events.json', 'junit.xml', 'report.html', 'report.json', 'report.md', 'timeline.csv'];
  expect((await readdir(folder)).toSorted()).toEqual(names);
  const read = () => Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const once = await read();
  expect(JSON.parse(once[names.indexOf('report.json')] ?? '').verdict).toEqual(report.verdict);
  await writeReports(folder, report);
  expect(await read()).toEqual(once);
});

test('a folder that cannot be written: one sentence that names the file', async () => {
  const nowhere = join(folder, 'nowhere');
  await expect(writeReports(nowhere, report)).rejects.toThrow(RunFileError);
  await expect(writeReports(nowhere, report)).rejects.toThrow(`${join(nowhere, 'report.json')} could not be written: `);
});
