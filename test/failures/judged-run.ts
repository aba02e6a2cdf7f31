/** A small run on a local target while something of it fails, and its report. */
import { runFleet } from '../../engine/src/core/fleet/fleet.ts';
import type { FleetLoad } from '../../engine/src/core/fleet/fleet-spec.ts';
import { systemPlatform } from '../../engine/src/core/fleet/platform.ts';
import { fleetSpec } from '../../engine/test/totals.ts';
import { faultListSchema, faultsPath } from '../../local/start.ts';
import { MeasurementMerge, undeliveredIds } from '../../metrics/measurements.ts';
import { readTargetEvents } from '../../metrics/target-events.ts';
import { queueMessagesPath } from '../../record/target.ts';
import { modelAfterRun } from '../../run/target/fired-faults.ts';
import type { LocalTarget } from '../../run/target/local-target.ts';
import { type Judged, judge } from '../ledger/judge.ts';

export type JudgedRun = Judged & { reasons: readonly string[] };

/** Clients come back, and providers try again; the drain ends when nothing is missing. */
const patient: Partial<FleetLoad> = {
  ...{ connections: 20, tabsPerUser: 1, connectRatePerSecond: 100, steadySeconds: 3, drainSeconds: 60 },
  ...{ timeoutSeconds: 30, pushTimeoutSeconds: 60, reconnectAttempts: 30, reconnectBaseSeconds: 0.2 },
  ...{ reconnectCapSeconds: 1, messageRatePerSecond: 10, webhookRatePerSecond: 20, webhookAttempts: 5, seed: 3 },
};

/** Ten times the webhooks for a second. What its owner missed while away never comes, and so does not end the drain. */
export const burstOfWebhooks: Partial<FleetLoad> = {
  ...{ burstStartSeconds: 0.5, burstSeconds: 1, burstRatePerSecond: 200, drainSeconds: 30 },
};

let runs = 0;

export async function runWith(
  { target }: LocalTarget,
  load: Partial<FleetLoad>,
  faults: readonly object[],
): Promise<JudgedRun> {
  const url = `${target.endpoints?.cloudwatch}${faultsPath}`;
  await fetch(url, { method: 'DELETE' });
  const headers = { 'content-type': 'application/json' };
  const set = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(faults) });
  if (!set.ok) throw new Error(await set.text());
  const { faults: ofRun } = faultListSchema.parse(await set.json());
  const merge = new MeasurementMerge();
  const { tokenSecret, webhookSecret } = target;
  const spec = { ...fleetSpec(target, { ...patient, ...load }), tokenSecret, webhookSecret };
  const signal = new AbortController().signal;
  const result = await runFleet(
    { ...spec, runTag: `failures${runs++}` },
    { onRecord: (record) => merge.add(record), signal, platform: systemPlatform },
  );
  if (result.kind !== 'completed') throw new Error(`The fleet ended otherwise: ${JSON.stringify(result)}`);
  const measured = merge.finish(0);
  if (measured === undefined) throw new Error('Nothing was measured.');
  const events = await readTargetEvents(target, undeliveredIds(measured.client), signal);
  const count = async (queue: string) => {
    const text = await (await fetch(`${target.endpoints?.sqs}${queueMessagesPath(queue)}`)).text();
    return text.split('\n').filter((line) => line !== '').length;
  };
  const { queueName, deadLetterQueueName } = target.resources ?? { queueName: '', deadLetterQueueName: '' };
  const model = await modelAfterRun(target);
  if (model === null) throw new Error('The target says nothing of its faults.');
  const names = new Set(ofRun.map(({ name }) => name));
  const judged = judge(measured, {
    ...{ events, messages: await count(queueName), deadLetters: await count(deadLetterQueueName), offline: 0 },
    // Not those of a run before this one.
    model: { ...model, faults: model.faults.filter(({ name }) => names.has(name)) },
  });
  return { ...judged, reasons: judged.report.verdict.reasons.map(({ code }) => code) };
}
