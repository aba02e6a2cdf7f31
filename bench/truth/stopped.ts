/** A constant rate against a server that stands still for a while: every latency is known by arithmetic and by the server. */
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
  /** By the server's clock: its stop, and the backlog. */
  truth: Reported;
  /** By arithmetic from how long the server stood still, and how long it was behind. */
  arithmetic: Reported;
  stoodStillMs: number;
  /** From when it stopped until it had answered the backlog. */
  behindMs: number;
  answered: number;
  /** How the server's answers were matched to their due times. */
  pairedBy: 'number' | 'order';
}

/**
 * Sends are late from when the server stops until it has caught up: the first by the whole stop S, the last by nothing, evenly between. With B
 * from the stop to the catching up, of a run of T, the mean is S × B / 2T, and quantile q, when q > 1 - B / T, is S × (1 - (1 - q) × T / B).
 * A server that answers its backlog immediately has B = S. All other messages are answered immediately.
 */
function truthOfStop({ stoppedMs, behindMs, lastsMs }: Record<'stoppedMs' | 'behindMs' | 'lastsMs', number>): Reported {
  const quantile = (q: number) => Math.max(0, stoppedMs * (1 - ((1 - q) * lastsMs) / behindMs));
  return { meanMs: (stoppedMs * behindMs) / 2 / lastsMs, p90Ms: quantile(0.9), p99Ms: quantile(0.99) };
}

/** Messages that took no longer than this did not wait for others; after this many of them in a row it has caught up. */
const unhindered = { ms: 5, inARow: 20 };

/** From the server's stop until it has answered the backlog. */
function behindOf({ resumedAtMs, stoodStillMs }: ServerAccount, answered: readonly Answered[]): number {
  let inARow = 0;
  const caughtUp = answered.findIndex(({ atMs, tookMs }) => {
    inARow = atMs > resumedAtMs && tookMs < unhindered.ms ? inARow + 1 : 0;
    return inARow === unhindered.inARow;
  });
  const lastWaiting = answered[caughtUp - unhindered.inARow];
  return stoodStillMs + Math.max(0, (lastWaiting?.atMs ?? resumedAtMs) - resumedAtMs);
}

const ownLoads = [
  { tool: 'Loadline, round trips', histogram: 'roundTripMicros', rate: 'messageRatePerSecond' },
  { tool: 'Loadline, webhooks', histogram: 'webhookMicros', rate: 'webhookRatePerSecond' },
] as const;

/**
 * Message n was due at start + n / rate, and the server says when it answered it: so the latency is known without the client, including the
 * backlog, for every tool alike. Messages without a number are matched in the order in which they were answered: the mean stays
 * exact, quantiles suffer if the server answered out of order. The start is that of the message answered soonest after it was due.
 */
function truthOfAnswers(answers: readonly [number, number][], ratePerSecond: number): Answered[] {
  const isNumbered = areNumbered(answers);
  const sinceStart = answers.map(
    ([number, atMs], order) => atMs - ((isNumbered ? number : order) * 1_000) / ratePerSecond,
  );
  const start = sinceStart.reduce((least, ms) => Math.min(least, ms), Number.POSITIVE_INFINITY);
  return answers.map(([, atMs], order) => ({ atMs, tookMs: (sinceStart[order] ?? Number.NaN) - start }));
}

interface Answered {
  /** When it was answered, by the server's clock. */
  atMs: number;
  /** From when it was due. */
  tookMs: number;
}

/** Whether all numbers are unique: several threads of a tool may each count separately. */
const areNumbered = (answers: readonly [number, number][]): boolean =>
  new Set(answers.map(([number]) => number)).size === answers.length &&
  !answers.some(([number]) => Number.isNaN(number));

function rowOf(tool: string, reported: Reported, account: ServerAccount, test: StopTest): StopRow {
  const { answers, stoodStillMs } = account;
  const answered = truthOfAnswers(answers, test.ratePerSecond);
  const behindMs = behindOf(account, answered);
  return {
    tool,
    reported,
    truth: reportedOf(Float64Array.from(answered, ({ tookMs }) => tookMs).toSorted()),
    arithmetic: truthOfStop({ stoppedMs: stoodStillMs, behindMs, lastsMs: test.seconds * 1_000 }),
    stoodStillMs,
    behindMs,
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

/** From the first message: tools take seconds to start. */
async function stopInTheMiddle(server: TruthServer, { seconds, stopSeconds }: StopTest): Promise<void> {
  for (let n = 0; (await server.count()) === 0; n++) {
    if (n === 600) throw new Error('The tool sent nothing for 60 s.');
    await sleep(100);
  }
  await sleep((seconds - stopSeconds) * 500);
  await server.standStill(stopSeconds * 1_000);
}
