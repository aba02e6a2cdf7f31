/** A constant rate against a server that stands still for a while: arithmetic knows every latency, and so does the server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Reported, reportedOf, valuesMs } from './latencies.ts';
import { runLoadline } from './loadline-fleet.ts';
import { inFolder, type Tool } from './tools.ts';
import { type ServerAccount, TruthServer } from './truth-server.ts';

export interface StopTest {
  ratePerSecond: number;
  seconds: number;
  stopSeconds: number;
}

export interface StopRow {
  tool: string;
  reported: Reported;
  /** By the server's clock: its stop, and the work that had piled up. */
  truth: Reported;
  /** By arithmetic from the server's stop alone. */
  arithmetic: Reported;
  stoodStillMs: number;
  answered: number;
  /** How the server's answers were matched with when they were due. */
  pairedBy: 'number' | 'order';
}

/**
 * Sends that fall into a stop of S wait for what is left of it: uniformly 0 to S. With a share s = S / T of all sends the mean is s × S / 2,
 * and quantile q, when q > 1 - s, is S - (1 - q) × T. The rest is answered at once.
 */
function truthOfStop(stoppedMs: number, lastsMs: number): Reported {
  const quantile = (q: number) => Math.max(0, stoppedMs - (1 - q) * lastsMs);
  return { meanMs: (stoppedMs * stoppedMs) / 2 / lastsMs, p90Ms: quantile(0.9), p99Ms: quantile(0.99) };
}

const ownLoads = [
  { tool: 'Loadline, round trips', histogram: 'roundTripMicros', rate: 'messageRatePerSecond' },
  { tool: 'Loadline, webhooks', histogram: 'webhookMicros', rate: 'webhookRatePerSecond' },
] as const;

/**
 * Message n was due at start + n / rate, and the server says when it answered it: so what it took is known without the client, the work that
 * had piled up included, for every tool alike. Messages without a number are taken in the order in which they were answered: the mean stays
 * true, quantiles suffer where the server answered out of order. The start is that of the message which was answered soonest after it was due.
 */
function truthOfAnswers(answers: readonly [number, number][], ratePerSecond: number): Float64Array {
  const isNumbered = areNumbered(answers);
  const sinceStart = Float64Array.from(
    answers,
    ([number, atMs], order) => atMs - ((isNumbered ? number : order) * 1_000) / ratePerSecond,
  ).toSorted();
  return sinceStart.map((atMs) => atMs - (sinceStart[0] ?? 0));
}

/** Each has a number of its own: several threads of a tool may count each for itself. */
const areNumbered = (answers: readonly [number, number][]): boolean =>
  new Set(answers.map(([number]) => number)).size === answers.length &&
  !answers.some(([number]) => Number.isNaN(number));

function rowOf(tool: string, reported: Reported, account: ServerAccount, test: StopTest): StopRow {
  const { answers, stoodStillMs } = account;
  return {
    tool,
    reported,
    truth: reportedOf(truthOfAnswers(answers, test.ratePerSecond)),
    arithmetic: truthOfStop(stoodStillMs, test.seconds * 1_000),
    stoodStillMs,
    answered: answers.length,
    pairedBy: areNumbered(answers) ? 'number' : 'order',
  };
}

/** Our core: round trips in one run, posts in another. */
export async function stopLoadline(test: StopTest): Promise<StopRow[]> {
  const rows: StopRow[] = [];
  for (const own of ownLoads) rows.push(await stopOwn(own, test));
  return rows;
}

async function stopOwn(own: (typeof ownLoads)[number], test: StopTest): Promise<StopRow> {
  const server = await TruthServer.start('instant');
  try {
    const running = runLoadline(
      { webSocketUrl: server.webSocketUrl, webhookUrl: server.httpUrl },
      { steadySeconds: test.seconds, [own.rate]: test.ratePerSecond },
    );
    await stopInTheMiddle(server, test);
    const records = await running;
    return rowOf(own.tool, reportedOf(valuesMs(records, own.histogram)), await server.account(), test);
  } finally {
    server.stop();
  }
}

export async function stopTool(tool: Tool, test: StopTest): Promise<StopRow> {
  const server = await TruthServer.start('instant');
  try {
    const { ratePerSecond, seconds } = test;
    const running = inFolder((folder) => tool.run({ url: server.httpUrl, ratePerSecond, seconds }, folder));
    await stopInTheMiddle(server, test);
    return rowOf(tool.name, await running, await server.account(), test);
  } finally {
    server.stop();
  }
}

/** From the first message on: tools take seconds to start. */
async function stopInTheMiddle(server: TruthServer, { seconds, stopSeconds }: StopTest): Promise<void> {
  for (let n = 0; (await server.count()) === 0; n++) {
    if (n === 600) throw new Error('The tool sent nothing for 60 s.');
    await sleep(100);
  }
  await sleep((seconds - stopSeconds) * 500);
  await server.standStill(stopSeconds * 1_000);
}
