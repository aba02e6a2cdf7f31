/** All connections of a local target lost simultaneously: it closes them itself, through its control endpoint. */
import { setTimeout as sleep } from 'node:timers/promises';
import { faultsPath } from '../../local/start.ts';
import { followClientRecords } from '../../metrics/live.ts';
import type { Say } from './progress.ts';

export interface PlannedDisconnect {
  /** Seconds of the steady state. */
  atSeconds: number;
  /** URL of the target's CloudWatch, on whose port the control endpoint is. */
  awsUrl: string;
}

/** Waits until the load has been steady for that long, then closes every connection with 1001. Ends early with the signal. */
export async function disconnectAll(
  { atSeconds, awsUrl }: PlannedDisconnect,
  { clientRecords, say, signal }: { clientRecords: string; say: Say; signal: AbortSignal },
): Promise<void> {
  for await (const { second, phases } of followClientRecords(clientRecords, { signal })) {
    if (phases.length !== 1 || phases[0] !== 'steady') continue;
    const dueMs = (second + atSeconds) * 1_000;
    const waited = await sleep(Math.max(0, dueMs - Date.now()), true, { signal }).catch(() => false);
    if (!waited) return;
    const response = await fetch(`${awsUrl}${faultsPath}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'every connection lost', kind: 'disconnect' }),
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`the control endpoint answered ${response.status}: ${await response.text()}`);
    say('The target has closed every connection.');
    return;
  }
}
