/**
 * The local target compared with serverless-offline and ministack, in one run with the same handlers: from nothing to the first answer, messages and connects per
 * second; and on its own: @connections posts, the whole chain from webhook to push, and memory by idle connections.
 *
 *   npm run bench:local-target                            ours
 *   npm run bench:local-target -- --peers                 and the peers, installed into a temporary folder from npm and PyPI
 *   npm run bench:local-target -- --only memory --connections 1000,10000,50000
 *
 * Client on the first core, target on the others. Rates are those of closed loops after a warm-up; CPU time is that of the target's processes,
 * from /proc, between the same two moments. The machine may be shared: only ratios within one run are meaningful.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { TargetDescription } from '../record/target.ts';
import { parseOptions } from '../test/parse-options.ts';
import type { BenchUser } from './local-target/bench-users.ts';
import { cpuByPart } from './local-target/cpu-by-part.ts';
import type { Job } from './local-target/jobs.ts';
import { type Contender, installPeers } from './local-target/peers.ts';
import { canPin, runJob, startTarget } from './local-target/processes.ts';
import { cpuSecondsOf, familyOf, residentBytesOf } from './process-usage.ts';

const parts = ['start', 'messages', 'connects', 'posts', 'chains', 'memory'] as const;
const usage = `Usage: npm run bench:local-target -- [--seconds 5] [--connections 1000,10000] [--gateway-processes 3] [--only ${parts.join()}] [--peers]`;
const { values } = parseOptions(usage, {
  options: {
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '1000,10000' },
    'gateway-processes': { type: 'string', default: '3' },
    only: { type: 'string', default: parts.join() },
    peers: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const only = new Set(values.only.split(','));
const timed = { warmUpSeconds: 3, seconds };
/** Far longer than any job takes, so that the bench ends by itself. */
const limitSeconds = seconds + 90;
const messagingConnections = 50;
const connectsUnderWay = 32;
const postsUnderWay = 32;
const chainUsers = 16;
/** Of the reference stack, longer: every function starts its environments first, and V8 compiles their code anew in each. */
const referenceWarmUpSeconds = 30;

interface Bare {
  url: string;
  managementUrl?: string;
}

interface Measured {
  perSecond: number;
  failures: number;
  /** CPU microseconds of the target per unit. */
  cpuUs: number;
}

const rounded = (value: number) => Math.round(value).toLocaleString('en');
const perSecond = ({ perSecond, cpuUs, failures }: Measured) =>
  `${rounded(perSecond).padStart(8)}/s${rounded(cpuUs).padStart(8)} µs CPU${failures > 0 ? `, ${failures} failed` : ''}`;

/** @param processIds of the target: of some, each function is a process that comes with its first event. */
async function measure(job: Job, processIds: () => readonly number[]): Promise<Measured> {
  let before = new Map<number, number>();
  const { result, stop } = await runJob(job, limitSeconds, () => {
    before = new Map(processIds().map((processId) => [processId, cpuSecondsIf(processId) ?? 0]));
  });
  const used = processIds().reduce((sum, id) => sum + Math.max(0, (cpuSecondsIf(id) ?? 0) - (before.get(id) ?? 0)), 0);
  await stop();
  const { count, failures } = result;
  return { perSecond: count / result.seconds, failures, cpuUs: (used / count) * 1e6 };
}

/** Undefined: it has ended meanwhile, as a function's process of a peer may. */
function cpuSecondsIf(processId: number): number | undefined {
  try {
    return cpuSecondsOf(processId);
  } catch {
    return undefined;
  }
}

async function withBare<Result>(
  entry: string,
  args: readonly string[],
  work: (bare: Bare, processIds: () => readonly number[]) => Promise<Result>,
): Promise<Result> {
  const { child, ready, stop } = await startTarget<Bare>(entry, args);
  try {
    return await work(ready, () => familyOf(child.pid ?? 0));
  } finally {
    await stop();
  }
}

/** From nothing to the answer of a function: how long, with how much CPU time, and the memory that it takes then. */
async function start(contenders: readonly Contender[]): Promise<void> {
  console.log('\nStart to the first answer');
  for (const { name, entry, args } of contenders) {
    const startedAt = performance.now();
    await withBare(entry, args, async ({ url }, processIds) => {
      const socket = new WebSocket(url);
      await once(socket, 'open');
      const answer = once(socket, 'message');
      socket.send('{"action":"ping","id":"first"}');
      await answer;
      const tookSeconds = (performance.now() - startedAt) / 1_000;
      const family = processIds();
      const cpu = family.reduce((sum, processId) => sum + cpuSecondsOf(processId), 0);
      const resident = family.reduce((sum, processId) => sum + residentBytesOf(processId), 0);
      socket.terminate();
      console.log(
        `  ${name.padEnd(34)}${tookSeconds.toFixed(1).padStart(6)} s${cpu.toFixed(1).padStart(7)} s CPU${rounded(resident / 2 ** 20).padStart(7)} MiB`,
      );
    });
  }
}

async function compare(kind: 'messages' | 'connects', contenders: readonly Contender[]): Promise<void> {
  console.log(kind === 'messages' ? '\nMessages through a two-way route' : '\nConnects, bare handler');
  let ours: number | undefined;
  for (const { name, entry, args } of contenders) {
    const measured = await withBare(entry, args, ({ url }, processIds) =>
      measure(
        kind === 'messages'
          ? { kind, url, connections: messagingConnections, ...timed }
          : { kind, urls: [url], underWay: connectsUnderWay, ...timed },
        processIds,
      ),
    );
    ours ??= measured.perSecond;
    const ratio = `   Loadline: ${(ours / measured.perSecond).toFixed(1)} times as fast`;
    console.log(`  ${name.padEnd(34)}${perSecond(measured)}${ours === measured.perSecond ? '' : ratio}`);
  }
}

async function posts(): Promise<void> {
  const measured = await withBare('bare-target', ['1'], ({ url, managementUrl = '' }, processIds) =>
    measure({ kind: 'posts', url, managementUrl, underWay: postsUnderWay, ...timed }, processIds),
  );
  console.log(`\n@connections posts${' '.repeat(18)}${perSecond(measured)}`);
}

type Reference = TargetDescription & { users: readonly BenchUser[] };

/** What is asked of a reference stack, one after the other: connects with authorizer and store, and chains from webhook to push. */
function referenceJobs({ users, webhookUrl, webhookSecret }: Reference): { connects: Job; chains: Job } {
  const steady = { ...timed, warmUpSeconds: referenceWarmUpSeconds };
  const urls = users.map(({ url }) => url);
  return {
    connects: { kind: 'connects', urls, underWay: connectsUnderWay, ...steady },
    chains: { kind: 'chains', users, webhookUrl, webhookSecret, ...steady },
  };
}

/** The $disconnects of the connects come to an end before the chains begin. */
const disconnectsSeconds = 3;

/** The same of a peer that deploys the reference stack by its CloudFormation; the others have no queue and no table. */
async function referenceOn({ name, args }: Contender): Promise<void> {
  const { child, ready, stop } = await startTarget<Reference>(`${name}-reference`, [...args, String(chainUsers)]);
  const processIds = () => familyOf(child.pid ?? 0);
  const { connects, chains } = referenceJobs(ready);
  try {
    console.log(`\n${name}: connects, authorizer and store  ${perSecond(await measure(connects, processIds))}`);
    await sleep(disconnectsSeconds * 1_000);
    console.log(`${name}: webhook to push               ${perSecond(await measure(chains, processIds))}`);
  } finally {
    await stop();
  }
}

/** The reference stack; with the share of each part of the target in the CPU time. */
async function reference(): Promise<void> {
  const { ready, stop } = await startTarget<Reference>('reference-target', [String(chainUsers)]);
  const { processIds = [] } = ready;
  const { connects, chains } = referenceJobs(ready);
  try {
    console.log(`\nConnects, authorizer and store      ${perSecond(await measure(connects, () => processIds))}`);
    await sleep(disconnectsSeconds * 1_000);
    const before = { parts: cpuByPart(processIds) };
    const { result, stop: stopClient } = await runJob(chains, limitSeconds, () => {
      before.parts = cpuByPart(processIds);
    });
    const after = cpuByPart(processIds);
    await stopClient();
    const used = [...after].map(([part, cpu]) => ({ part, cpu: cpu - (before.parts.get(part) ?? 0) }));
    const total = used.reduce((sum, { cpu }) => sum + cpu, 0);
    const { count, failures } = result;
    const measured = { perSecond: count / result.seconds, failures, cpuUs: (total / count) * 1e6 };
    console.log(`Webhook to push                     ${perSecond(measured)}`);
    for (const { part, cpu } of used) {
      console.log(
        `  ${part.padEnd(48)}${rounded((cpu / count) * 1e6).padStart(6)} µs${((100 * cpu) / total).toFixed(0).padStart(5)} %`,
      );
    }
  } finally {
    await stop();
  }
}

/** Connections that one client process holds, from its own address: fewer than its descriptors. */
const connectionsAClient = 17_000;
/** Opening this many takes seconds on an otherwise idle machine, and minutes on a busy one. */
const holdLimitSeconds = 300;
/** Handshakes at a time: enough to keep a busy machine working despite its waits. */
const holdUnderWay = 500;
const settleSeconds = 3;

async function memory(): Promise<void> {
  const gatewayProcesses = values['gateway-processes'];
  console.log(`\nResident memory, idle connections, ${gatewayProcesses} gateway processes`);
  await withBare('bare-target', [gatewayProcesses], async ({ url }, processIds) => {
    const resident = () => processIds().reduce((sum, processId) => sum + residentBytesOf(processId), 0);
    const stops: (() => Promise<void>)[] = [];
    const mebibytes = (bytes: number) => `${rounded(bytes / 2 ** 20).padStart(6)} MiB`;
    const empty = resident();
    console.log(`  ${'0'.padStart(8)}  ${mebibytes(empty)}`);
    let held = 0;
    try {
      for (const wanted of values.connections.split(',').map(Number)) {
        const startedAt = performance.now();
        let failures = 0;
        while (held < wanted) {
          const connections = Math.min(connectionsAClient, wanted - held);
          // A port can be used once for each address of the client: one process, one address.
          const localAddress = `127.0.0.${stops.length + 2}`;
          const { result, stop } = await runJob(
            { kind: 'hold', url, connections, localAddress, underWay: holdUnderWay },
            holdLimitSeconds,
          );
          stops.push(stop);
          failures += result.failures + connections - result.count;
          held += connections;
        }
        const tookSeconds = (performance.now() - startedAt) / 1_000;
        await sleep(settleSeconds * 1_000);
        const bytes = resident();
        console.log(
          `  ${rounded(wanted).padStart(8)}  ${mebibytes(bytes)}  ${((bytes - empty) / wanted / 1_024).toFixed(1)} KiB per connection; opened in ${tookSeconds.toFixed(1)} s${failures > 0 ? `, ${failures} failed` : ''}`,
        );
      }
    } finally {
      await Promise.all(stops.map((stop) => stop()));
    }
  });
}

const folder = mkdtempSync(join(tmpdir(), 'loadline-bench-'));
try {
  const contenders: Contender[] = [
    { name: 'Loadline', entry: 'bare-target', args: ['1'] },
    ...(values.peers ? installPeers(folder) : []),
  ];
  console.log(
    `${seconds} s each; client and target ${canPin ? 'on separate cores' : 'on the same cores (no taskset)'}.`,
  );
  if (only.has('start')) await start(contenders);
  if (only.has('messages')) await compare('messages', contenders);
  if (only.has('connects')) await compare('connects', contenders);
  if (only.has('posts')) await posts();
  if (only.has('chains')) {
    await reference();
    for (const peer of contenders.filter(({ entry }) => entry === 'ministack')) await referenceOn(peer);
  }
  if (only.has('memory')) await memory();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
