/**
 * Our engine inside Artillery, compared with a plain `ws` script (the baseline), Artillery's own `ws` engine, and tsung and k6 if installed, against one
 * echo server in one run.
 *
 *   npm run bench:engine
 *   npm run bench:engine -- --seconds 10 --connections 5000 --rate 65000
 *
 * Every client is measured alike, from outside: CPU time and memory of its process from /proc, round trips and connections counted by the
 * server, between two moments; so start-up is not counted. Client on one core, server on the other. Only the ratios are meaningful:
 * the machine may be shared.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseOptions } from '../test/parse-options.ts';
import type { BenchLoad } from './client-scripts.ts';
import { Echo } from './echo.ts';
import {
  artilleryWs,
  type Client,
  k6,
  type Latency,
  loadline,
  plainClosedLoop,
  plainOpenLoop,
  tsung,
} from './engine-clients.ts';
import { cpuSecondsOf, familyOf, residentBytesOf } from './process-usage.ts';

const usage =
  'Usage: npm run bench:engine -- [--seconds 8] [--connections 5000] [--pinging 50] [--rate 65000] [--only roundTrips,latency,held,connects]';
const { values } = parseOptions(usage, {
  options: {
    seconds: { type: 'string', default: '8' },
    connections: { type: 'string', default: '5000' },
    pinging: { type: 'string', default: '50' },
    rate: { type: 'string', default: '65000' },
    only: { type: 'string', default: 'roundTrips,latency,held,connects' },
  },
});
const seconds = Number(values.seconds);
const held = Number(values.connections);
const pinging = Number(values.pinging);
const rate = Number(values.rate);
/** Of the latency comparison. */
const latencyLoad = { connections: 1_000, pinging: 1_000, messageRatePerSecond: 10_000 };
const calmConnectsPerSecond = 500;
/** More than any client can reach on one core. */
const fastestConnectsPerSecond = 50_000;

const others = [tsung, k6].filter((client) => client !== null);
if (tsung === null) console.log('tsung is not installed (apt-get install tsung): skipped.');
if (k6 === null) console.log('k6 is not installed: skipped.');
const sumOf = (measure: (processId: number) => number) => (processId: number) =>
  familyOf(processId).reduce((sum, id) => sum + measure(id), 0);
const cpuOf = sumOf(cpuSecondsOf);
const memoryOf = sumOf(residentBytesOf);
const folder = mkdtempSync(join(tmpdir(), 'loadline-bench-'));
const measures: Record<string, () => Promise<void>> = {
  roundTrips: compareRoundTrips,
  latency: compareLatency,
  held: compareHeld,
  connects: compareConnects,
};
try {
  for (const name of values.only.split(',')) await measures[name]?.();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compareRoundTrips(): Promise<void> {
  const load = {
    connections: pinging,
    pinging,
    messageRatePerSecond: rate,
    connectRatePerSecond: calmConnectsPerSecond,
  };
  await compare(
    `Round trips per CPU second of the client: ${pinging} connections, ${seconds} s; open loops run at ${rate}/s.`,
    [plainClosedLoop, plainOpenLoop, loadline, artilleryWs, ...others],
    (client) => withClient(client, load, (run) => steadyState(run).then(({ perCpuSecond }) => perCpuSecond)),
    (value) => Math.round(value).toLocaleString('en'),
  );
}

async function compareLatency(): Promise<void> {
  const rows: { name: string; latency: Latency }[] = [];
  for (const client of [plainOpenLoop, loadline]) {
    const load = { ...latencyLoad, connectRatePerSecond: calmConnectsPerSecond };
    const { latency } = await withClient(client, load, steadyState);
    if (latency !== null) rows.push({ name: client.name, latency });
  }
  const floor = rows[0]?.latency.p99Ms ?? Number.NaN;
  console.log(
    `\nLatency from the intended time: ${latencyLoad.messageRatePerSecond}/s over ${latencyLoad.connections} connections.`,
  );
  for (const { name, latency } of rows)
    console.log(
      `  ${name.padEnd(24)} p50 ${latency.p50Ms.toFixed(2)} ms, p99 ${latency.p99Ms.toFixed(2)} ms, ratio ${(latency.p99Ms / floor).toFixed(2)} (${latency.messages} messages)`,
    );
}

async function compareHeld(): Promise<void> {
  const load = { connections: held, pinging: 0, messageRatePerSecond: 0, connectRatePerSecond: calmConnectsPerSecond };
  await compare(
    `Resident KiB per idle connection: ${held} connections; growth of the client since the first one.`,
    [plainClosedLoop, loadline, artilleryWs, ...others],
    (client) =>
      withClient(client, load, async ({ echo, processId }) => {
        await echo.until((open) => open > 0, 60);
        const before = memoryOf(processId);
        await echo.until((open) => open === held, 120);
        await sleep(3_000);
        return (memoryOf(processId) - before) / held / 1_024;
      }),
    (value) => value.toFixed(1),
  );
}

async function compareConnects(): Promise<void> {
  const connections = Math.min(held, 5_000);
  const load = { connections, pinging: 0, messageRatePerSecond: 0, connectRatePerSecond: fastestConnectsPerSecond };
  await compare(
    `Connects per CPU second of the client: ${connections} as fast as possible.`,
    [plainClosedLoop, loadline],
    (client) =>
      withClient(client, load, async ({ echo, processId }) => {
        await echo.until((open) => open > 0, 60);
        const before = { cpuSeconds: cpuOf(processId), ...(await echo.ask()) };
        await echo.until((open) => open === connections, 60);
        return (connections - before.open) / (cpuOf(processId) - before.cpuSeconds);
      }),
    (value) => Math.round(value).toLocaleString('en'),
  );
}

interface RunningClient {
  client: Client;
  child: ChildProcess;
  echo: Echo;
  processId: number;
  load: Omit<BenchLoad, 'seconds'>;
}

async function steadyState({ client, child, echo, processId, load }: RunningClient) {
  await echo.until((open) => open === load.connections, 60);
  await sleep(2_000);
  await client.latency(child, folder);
  const before = { cpuSeconds: cpuOf(processId), ...(await echo.ask()) };
  await sleep(seconds * 1_000);
  const after = { cpuSeconds: cpuOf(processId), ...(await echo.ask()) };
  return {
    perCpuSecond: (after.answered - before.answered) / (after.cpuSeconds - before.cpuSeconds),
    latency: await client.latency(child, folder),
  };
}

async function withClient<Result>(
  client: Client,
  load: Omit<BenchLoad, 'seconds'>,
  measure: (run: RunningClient) => Promise<Result>,
): Promise<Result> {
  const echo = await Echo.start();
  const child = client.start(echo.url, { ...load, seconds }, folder);
  try {
    // taskset replaces itself with the client: the process id is the client's.
    return await measure({ client, child, echo, processId: child.pid ?? 0, load });
  } finally {
    await end(child);
    echo.stop();
  }
}

/** One row per client, with its ratio to the first. */
async function compare(
  title: string,
  clients: readonly Client[],
  measure: (client: Client) => Promise<number>,
  show: (value: number) => string,
): Promise<void> {
  console.log(`\n${title}`);
  let floor: number | null = null;
  for (const client of clients) {
    const value = await measure(client);
    floor ??= value;
    console.log(`  ${client.name.padEnd(24)} ${show(value).padStart(10)}   ratio ${(value / floor).toFixed(2)}`);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null) return;
  for (const id of familyOf(child.pid ?? 0).toReversed()) process.kill(id, 'SIGKILL');
  await ended;
}
