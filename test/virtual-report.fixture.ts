/** A fleet on virtual time, from its first connect to the report. */
import type { FleetLoad } from '../engine/src/core/fleet/fleet-spec.ts';
import type { Faults } from '../engine/test/fake-stack.ts';
import { runVirtually } from '../engine/test/virtual-run.ts';
import { MeasurementMerge } from '../metrics/measurements.ts';
import { eventsNotAsked } from '../metrics/target-events.ts';
import { exampleRun } from '../reports/example-run.fixture.ts';
import { buildReport, type Report } from '../reports/report.ts';

/** 5 s of connects, 60 s of messages and webhooks, a drain that outlasts the timeout; 20 ms each way. The SLO: connects 2 s, round trips 0.5 s, deliveries 2 s, 0.1% failed. */
const usualLoad: Partial<FleetLoad> = {
  connections: 100,
  connectRatePerSecond: 20,
  messageRatePerSecond: 20,
  webhookRatePerSecond: 5,
  steadySeconds: 60,
  timeoutSeconds: 10,
  drainSeconds: 12,
};

/** The report of a target measured from outside. `stall`: the generator stands still. Throws when the load did not complete. */
export async function virtualReport(
  load: Partial<FleetLoad>,
  { faults = {}, stall }: { faults?: Faults; stall?: { atMs: number; forMs: number } } = {},
): Promise<Report> {
  const { records, result } = await runVirtually(
    { ...usualLoad, ...load },
    {
      faults,
      network: { hopMs: 20 },
      ...(faults.server && { spec: { webhookUrl: null, tokenSecret: null } }),
      prepare: ({ time }) => void (stall && time.after(stall.atMs, () => time.standStill(stall.forMs))),
    },
  );
  if (result.kind !== 'completed') throw new Error(JSON.stringify(result));
  const merge = new MeasurementMerge();
  for (const record of records) merge.add(record);
  const measured = merge.finish(0);
  if (measured === undefined) throw new Error('There are no records.');
  const run = exampleRun();
  return buildReport(
    {
      ...run,
      workload: { ...run.workload, timeoutSeconds: load.timeoutSeconds ?? run.workload.timeoutSeconds },
      target: { ...run.target, kind: 'endpoint', resources: null },
    },
    {
      schemaVersion: 2,
      runId: run.runId,
      ...measured,
      server: { periodSeconds: 1, series: [], queues: null, events: eventsNotAsked('nothing else is known of it') },
    },
  );
}
