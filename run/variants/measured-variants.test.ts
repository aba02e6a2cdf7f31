import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunRecord } from '../../record/run.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { writeExampleFolder } from '../example-folder.fixture.ts';
import { readMeasuredVariants } from './measured-variants.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loadline-variants-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = async (runId: string, settings: object, more: Partial<RunRecord> = {}) => {
  const example = exampleRun();
  const run = exampleRun({ runId, settings: { ...example.settings, ...settings }, ...more });
  await writeExampleFolder(join(root, runId), { run });
};

test('the newest valid run of each variant is found, and what it measured', async () => {
  await write('20261121T100000Z-0001', {});
  await write('20261121T110000Z-0002', {});
  await write('20261121T120000Z-0003', { ingest: 'direct', webhookApi: 'rest' });
  // Cut off, and changed since.
  await write('20261121T130000Z-0004', { store: 'postgres' });
  writeFileSync(join(root, '20261121T130000Z-0004', 'report.json'), '{');
  await write('20261121T140000Z-0005', {}, { outcome: { kind: 'interrupted', signal: 'SIGINT' } });
  const found = await readMeasuredVariants(root);
  expect(found.map(({ name: { way, webhookApi }, measured: { runId } }) => [runId, way, webhookApi])).toEqual([
    ['20261121T120000Z-0003', 'direct', 'rest'],
    ['20261121T110000Z-0002', 'lambda', 'http'],
  ]);
  const { workload } = exampleRun();
  expect(found[1]?.measured).toMatchObject({
    ...{ on: 'local', verdict: 'ok', connections: workload.connections, isBalanced: true },
    // Of functions, CPU and memory are not measured.
    ...{ taskCpuMsPerUnit: null, connectionsPerGb: null },
  });
  expect(found[1]?.measured.functionMsPerUnit).toBeGreaterThan(0);
  expect(found[1]?.serviceCosts).toBeNull();
  expect(found[1]?.measured.p99.roundTrip?.ms).toBeGreaterThan(0);
  expect(found[1]?.measured.p99.roundTrip?.interval95?.upperMs).toBeGreaterThan(0);
});

test('of a folder without runs there are none', async () => {
  expect(await readMeasuredVariants(join(root, 'none'))).toEqual([]);
});
