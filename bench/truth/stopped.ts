/** A constant rate against a server that stands still for a while: arithmetic knows every latency, and so does the server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Reported, reportedOf, valuesMs } from './latencies.ts';
import { runLoadline } from './loadline-fleet.ts';
import { inFolder, type Tool } from './tools.ts';
import { TruthServer } from './truth-server.ts';

export interface StopTest {
  ratePerSecond: number;
  seconds: number;
  stopSeconds: number;
}

export interface StopRow {
  tool: string;
  truth: Reported;
  reported: Reported;
}

/**
 * Sends that fall into a stop of S wait for what is left of it: uniformly 0 to S. With a share s = S / T of all sends the mean is s × S / 2,
 * and quantile q, when q > 1 - s, is S - (1 - q) × T. The rest is answered at once.
 */
export function truthOfStop(stoppedMs: number, lastsMs: number): Reported {
  const quantile = (q: number) => Math.max(0, stoppedMs - (1 - q) * lastsMs);
  return { meanMs: (stoppedMs * stoppedMs) / 2 / lastsMs, p90Ms: quantile(0.9), p99Ms: quantile(0.99) };
}

const ownLoads = [
  { tool: 'Loadline, round trips', histogram: 'roundTripMicros', rate: 'messageRatePerSecond' },
  { tool: 'Loadline, webhooks', histogram: 'webhookMicros', rate: 'webhookRatePerSecond' },
] as const;

/**
 * Message n was due at start + n / rate, and the server says when it answered which: so what it took is known without the client, the work
 * that had piled up included. The start is that of the message which was answered soonest after it was due.
 */
function truthOfAnswers(answers: readonly [number, number][], ratePerSecond: number): Float64Array {
  const sinceStart = Float64Array.from(answers, ([n, atMs]) => atMs - (n * 1_000) / ratePerSecond).toSorted();
  return sinceStart.map((atMs) => atMs - (sinceStart[0] ?? 0));
}

/** Our core: round trips in one run, posts in another. */
export async function stopLoadline(test: StopTest): Promise<StopRow[]> {
  const rows: StopRow[] = [];
  for (const own of ownLoads) rows.push(await stopOwn(own, test));
  return rows;
}

async function stopOwn(own: (typeof ownLoads)[number], test: StopTest): Promise<StopRow> {
  const { ratePerSecond, seconds, stopSeconds } = test;
  const server = await TruthServer.start('instant');
  try {
    const stopping = Promise.withResolvers<number>();
    const begin = async () => {
      await sleep((seconds - stopSeconds) * 500);
      return await server.standStill(stopSeconds * 1_000);
    };
    const records = await runLoadline(
      { webSocketUrl: server.webSocketUrl, webhookUrl: server.httpUrl },
      { steadySeconds: seconds, [own.rate]: ratePerSecond },
      { onSteady: () => stopping.resolve(begin()) },
    );
    await stopping.promise;
    const { answers } = await server.answers();
    return {
      tool: own.tool,
      truth: reportedOf(truthOfAnswers(answers, ratePerSecond)),
      reported: reportedOf(valuesMs(records, own.histogram)),
    };
  } finally {
    server.stop();
  }
}

export async function stopTool(tool: Tool, { ratePerSecond, seconds, stopSeconds }: StopTest): Promise<StopRow> {
  const server = await TruthServer.start('instant');
  try {
    const load = { url: server.httpUrl, ratePerSecond, seconds };
    const running = inFolder((folder) => tool.run(load, folder));
    await untilBusy(server);
    await sleep((seconds - stopSeconds) * 500);
    const stoppedMs = await server.standStill(stopSeconds * 1_000);
    return { tool: tool.name, truth: truthOfStop(stoppedMs, seconds * 1_000), reported: await running };
  } finally {
    server.stop();
  }
}

/** Until the first posts have come: tools take seconds to start. */
async function untilBusy(server: TruthServer): Promise<void> {
  for (let n = 0; n < 600; n++) {
    if ((await server.answers()).heldMs.length > 0) return;
    await sleep(100);
  }
  throw new Error('The tool sent nothing for 60 s.');
}
