/** A function of known duration, for concurrency: it takes what `HOLD_MS` says, and its init what `INIT_MS` says. */
import { setTimeout as sleep } from 'node:timers/promises';

if (process.env.INIT_MS !== undefined) await sleep(Number(process.env.INIT_MS));

export async function handler(): Promise<unknown> {
  await sleep(Number(process.env.HOLD_MS));
  return { statusCode: 200, body: 'held' };
}
