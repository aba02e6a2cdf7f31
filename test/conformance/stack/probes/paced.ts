/** A function of known duration, for concurrency: it takes `HOLD_MS`, and its init `INIT_MS`. */
import { setTimeout as sleep } from 'node:timers/promises';

if (process.env.INIT_MS !== undefined) await sleep(Number(process.env.INIT_MS));

export async function handler(): Promise<unknown> {
  await sleep(Number(process.env.HOLD_MS));
  return { statusCode: 200, body: 'held' };
}
