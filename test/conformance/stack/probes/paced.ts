/** A function of known duration, for concurrency: it takes what `HOLD_MS` says. */
import { setTimeout as sleep } from 'node:timers/promises';

export async function handler(): Promise<unknown> {
  await sleep(Number(process.env.HOLD_MS));
  return { statusCode: 200, body: 'held' };
}
