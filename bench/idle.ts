/**
 * Many idle connections held from one machine: our fleets against plain `ws` servers, both on 127.0.0.0/8, a heartbeat on each.
 * `node bench/idle.ts --connections 100000 --hold 60 --rate 2000 --heartbeat 20`. Stops by itself; refuses a load that the machine cannot carry.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CounterName } from '../engine/src/records.ts';
import { parseOptions } from '../test/parse-options.ts';
import { Echo } from './echo.ts';
import { IdleClient } from './idle/client.ts';
import { readMachine, socketBytes } from './idle/machine.ts';
import { planIdle } from './idle/plan.ts';
import { cpuSecondsOf, residentBytesOf } from './process-usage.ts';

const help = 'Usage: npm run bench:idle -- [--connections 100000] [--hold 60] [--rate 2000] [--heartbeat 20]';
const { values } = parseOptions(help, {
  options: {
    connections: { type: 'string', default: '100000' },
    hold: { type: 'string', default: '60' },
    rate: { type: 'string', default: '2000' },
    heartbeat: { type: 'string', default: '20' },
  },
});
const connections = positive('connections');
const holdSeconds = positive('hold');
const ratePerSecond = positive('rate');
const heartbeatSeconds = positive('heartbeat');

function positive(name: keyof typeof values): number {
  const value = Number(values[name]);
  if (!(value > 0) || (name === 'connections' && !Number.isInteger(value)))
    fail(`--${name}: expected a number above 0, got "${values[name]}".`);
  return value;
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

const machine = readMachine();
if (machine === null) fail('This bench reads /proc and needs all of 127.0.0.0/8: run it on Linux.');
const planned = planIdle(connections, machine);
if (planned.kind === 'impossible') fail(planned.sentence);
const { pairs, connectionsOfPair, addressesOfPair } = planned.plan;

// A busy machine may take three times as long to open them.
const limitSeconds = (3 * connections) / ratePerSecond + holdSeconds + 30;

const servers = await Promise.all(connectionsOfPair.map(() => Echo.start()));
const before = { server: bytesOf(servers), kernel: socketBytes() };
const clients = servers.map(
  ({ url }, n) =>
    new IdleClient(
      `f${n}`,
      { url, addresses: addressesOfPair[n] ?? [] },
      {
        connections: connectionsOfPair[n] ?? 0,
        connectRatePerSecond: ratePerSecond / pairs,
        mostSeconds: limitSeconds,
        heartbeatSeconds,
      },
    ),
);
const stopAll = () => {
  for (const client of clients) client.stop();
};
let outOfTime = false;
const limit = setTimeout(() => {
  outOfTime = true;
  stopAll();
}, limitSeconds * 1_000);
process.once('SIGINT', stopAll);
console.log(
  `${connections} connections in ${pairs} pairs of processes, ${ratePerSecond}/s, a heartbeat every ${heartbeatSeconds} s; at most ${Math.ceil(limitSeconds)} s.`,
);

try {
  const ended = Promise.all(clients.map((client) => client.ended));
  const isOver = ended.then(() => true);
  const rampStartedAt = performance.now();
  let reportedSeconds = 0;
  while (openNow() < connections && !(await Promise.race([sleep(200, false), isOver]))) {
    const seconds = Math.floor((performance.now() - rampStartedAt) / 1_000);
    if (seconds < reportedSeconds + 10) continue;
    reportedSeconds = seconds;
    console.error(`${seconds} s: ${openNow()} open. ${connectsSoFar()}`);
  }
  const rampSeconds = (performance.now() - rampStartedAt) / 1_000;
  if (openNow() < connections) {
    const failures = (await ended).filter((sentence) => sentence !== null);
    if (outOfTime)
      throw new Error(
        `After ${Math.ceil(limitSeconds)} s ${openNow()} of ${connections} connections were open, so it was stopped: use a lower --rate or a less busy machine. ${connectsSoFar()}`,
      );
    throw new Error(failures[0] ?? `Only ${openNow()} of ${connections} connections were open simultaneously.`);
  }
  const start = usage();
  await sleep(holdSeconds * 1_000);
  const end = usage();
  for (const client of clients) client.finish();
  const failures = (await ended).filter((sentence) => sentence !== null);
  if (failures[0] !== undefined) throw new Error(failures[0]);
  report(rampSeconds, start, end);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 4;
} finally {
  clearTimeout(limit);
  stopAll();
  for (const server of servers) server.stop();
}

function countOf(name: CounterName): number {
  return clients.reduce((sum, { counters }) => sum + (counters[name] ?? 0), 0);
}

function connectsSoFar(): string {
  return `Connects: ${countOf('connectsOpened')} opened, ${countOf('connectsTimedOut')} timed out, ${countOf('connectsFailed')} failed, ${countOf('connectionsAbandoned')} abandoned.`;
}

function openNow(): number {
  return clients.reduce((sum, { open }) => sum + open, 0);
}

interface Usage {
  atMs: number;
  clientCpuSeconds: number;
  serverCpuSeconds: number;
  clientBytes: number;
  serverBytes: number;
  kernelBytes: number | null;
}

function usage(): Usage {
  const cpuOf = (processes: readonly { processId: number }[]) =>
    processes.reduce((sum, { processId }) => sum + cpuSecondsOf(processId), 0);
  return {
    atMs: performance.now(),
    clientCpuSeconds: cpuOf(clients),
    serverCpuSeconds: cpuOf(servers),
    clientBytes: bytesOf(clients),
    serverBytes: bytesOf(servers),
    kernelBytes: socketBytes(),
  };
}

function bytesOf(processes: readonly { processId: number }[]): number {
  return processes.reduce((sum, { processId }) => sum + residentBytesOf(processId), 0);
}

function report(rampSeconds: number, start: Usage, end: Usage): void {
  const seconds = (end.atMs - start.atMs) / 1_000;
  const heldSeconds = [...(clients[0]?.openAt.keys() ?? [])].filter(
    (second) => clients.reduce((sum, { openAt }) => sum + (openAt.get(second) ?? 0), 0) >= connections,
  ).length;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const each = (bytes: number) => (bytes / connections / 1_000).toFixed(2);
  const kernel = end.kernelBytes === null || before.kernel === null ? null : end.kernelBytes - before.kernel;
  console.log(
    [
      `opened ${countOf('connectsOpened')} in ${rampSeconds.toFixed(1)} s; all ${connections} open for ${heldSeconds} whole seconds; closed unexpectedly: ${countOf('closesUnexpected')}`,
      `heartbeats ${countOf('keepAlivesSent')} sent, ${countOf('keepAlivesAnswered')} answered`,
      `client memory ${megabytes(end.clientBytes)} MB, ${each(end.clientBytes)} kB per connection; CPU ${(((end.clientCpuSeconds - start.clientCpuSeconds) / seconds) * 100).toFixed(1)}% of a core while holding`,
      `server memory ${megabytes(end.serverBytes)} MB (${megabytes(before.server)} before), ${each(end.serverBytes)} kB per connection; CPU ${(((end.serverCpuSeconds - start.serverCpuSeconds) / seconds) * 100).toFixed(1)}% of a core`,
      // Of the whole machine: other processes' sockets affect it, and an idle socket has no buffer in use.
      kernel === null || kernel < 0
        ? 'kernel buffers: not distinguishable from those of other processes'
        : `kernel buffers ${megabytes(kernel)} MB for both ends`,
    ].join('\n'),
  );
}
