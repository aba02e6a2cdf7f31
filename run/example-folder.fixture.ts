/** The run folder of a small run that is OK: two fleets, 70 seconds, every count of the example observation. */
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RecordFile } from '../engine/src/processes/record-file.ts';
import { type ClientRecord, type CounterName, clientRecordVersion, counterNames } from '../engine/src/records.ts';
import { collectionSchemaVersion, writeCollection } from '../record/collection.ts';
import type { RunRecord } from '../record/run.ts';
import { runFileNames } from '../record/run-folder.ts';
import { exampleEvents, exampleObservation, exampleTotals } from '../reports/example-observation.fixture.ts';
import { exampleRun } from '../reports/example-run.fixture.ts';
import { concludeRun } from './folder-report.ts';

const fleets = ['w0-v0-f0', 'w0-v0-f1'];
const seconds = 70;

/** The part of a total that the n-th of `count` lines has: whole numbers that add up to it. */
const partOf = (total: number, n: number, count: number): number =>
  Math.floor((total * (n + 1)) / count) - Math.floor((total * n) / count);

const partsOf = (totals: Record<string, number>, n: number, count: number): Record<string, number> =>
  Object.fromEntries(
    Object.entries(totals).flatMap(([name, total]) => {
      const part = partOf(total, n, count);
      return part === 0 ? [] : [[name, part]];
    }),
  );

function lineOf(second: number, fleet: number): ClientRecord {
  const { client, clock } = exampleObservation();
  const phase = second < 5 ? 'connecting' : second < 65 ? 'steady' : second < 69 ? 'draining' : 'done';
  const isSteady = phase === 'steady';
  return {
    version: clientRecordVersion,
    second: clock.firstSecond + second,
    fleet: fleets[fleet] ?? '',
    phase,
    openConnections: second < 5 ? 10 * (second + 1) : second < 69 ? 50 : 0,
    counters: partsOf(exampleTotals(), second * 2 + fleet, seconds * 2) as Partial<Record<CounterName, number>>,
    histograms: isSteady
      ? Object.fromEntries(
          Object.entries(client.histograms).map(([name, buckets]) => [
            name,
            partsOf(buckets, (second - 5) * 2 + fleet, 120),
          ]),
        )
      : {},
    ...(second === 69 && { closeCodes: { '1005': 50 }, closeReasons: { '1005 gone': 50 }, last: true }),
    ...(second === 69 && fleet === 0 && { events: exampleEvents() }),
    machine: { openDescriptors: 70, maxDescriptors: 20_000 },
  };
}

/** Writes the folder and returns its report. Without `lastSecond` the load runs to its end. */
export async function writeExampleFolder(
  folder: string,
  { run = exampleRun(), lastSecond = seconds - 1 }: { run?: RunRecord; lastSecond?: number } = {},
) {
  mkdirSync(join(folder, runFileNames.logs), { recursive: true });
  await writeClientRecords(folder, { runId: run.runId, lastSecond });
  const counters = Object.fromEntries(counterNames.map((name) => [`loadline.${name}`, exampleTotals()[name]]));
  await writeFile(join(folder, runFileNames.artillery), JSON.stringify({ aggregate: { counters } }, null, 2));
  const { clock, server } = exampleObservation();
  await writeCollection(folder, {
    schemaVersion: collectionSchemaVersion,
    collectedAt: '2026-11-21T18:08:48.000Z',
    window: { startSecond: clock.firstSecond, endSecond: clock.lastSecond + 31 },
    ...server,
  });
  return await concludeRun(folder, { run, observation: null, say: () => {} });
}

function writeClientRecords(
  folder: string,
  { runId, lastSecond = seconds - 1 }: { runId: string; lastSecond?: number },
): void {
  const order = { path: join(folder, runFileNames.client), run: runId };
  const files = fleets.map(() => new RecordFile(order));
  for (let second = 0; second <= lastSecond; second++)
    for (const [fleet, file] of files.entries()) file.append(lineOf(second, fleet));
  for (const file of files) file.close();
}
