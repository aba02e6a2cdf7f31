/**
 * Our engine inside Artillery, beside a plain `ws` script (the floor) and Artillery's own `ws` engine, against one echo server in one run.
 *
 *   npm run bench:engine            round trips per CPU second, and memory per held connection
 *   npm run bench:engine -- --seconds 10 --connections 5000
 *
 * Every client is measured alike, from outside: CPU time and memory of its process from /proc, round trips counted by the server, between two
 * moments of the steady state; so start-up costs nobody anything. Client on one core, server on the other. Only the ratios mean something:
 * the machine may be shared.
 */

import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { locateArtillery } from '../scripts/artillery.ts';
import { artilleryWsScript, type BenchLoad, loadlineScript } from './client-scripts.ts';
import { cpuSecondsOf, residentBytesOf } from './process-usage.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    connections: { type: 'string', default: '5000' },
    pinging: { type: 'string', default: '50' },
    rate: { type: 'string', default: '30000' },
  },
});
const seconds = Number(values.seconds);
const held = Number(values.connections);
const pinging = Number(values.pinging);
const rate = Number(values.rate);
const connectRatePerSecond = 500;

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const pinned = (core: number, command: string[]): [string, string[]] =>
  hasTaskset() ? ['taskset', ['-c', String(core), ...command]] : [command[0] ?? '', command.slice(1)];

interface Client {
  name: string;
  start(url: string, load: BenchLoad, folder: string): ChildProcess;
}

const clients: Client[] = [
  {
    name: 'plain ws',
    start: (url, load) =>
      run([process.execPath, path('plain-ws.main.ts'), url, String(load.connections), String(load.pinging)]),
  },
  { name: 'Loadline in Artillery', start: (url, load, folder) => runArtillery(loadlineScript(url, load), folder) },
  { name: "Artillery's own ws", start: (url, load, folder) => runArtillery(artilleryWsScript(url, load), folder) },
];

function run(command: string[]): ChildProcess {
  const [file, args] = pinned(0, command);
  return spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

function runArtillery(script: string, folder: string): ChildProcess {
  const file = join(folder, 'bench.yml');
  writeFileSync(file, script);
  const [command, args] = pinned(0, [
    process.execPath,
    join(locateArtillery().root, 'bin', 'run'),
    'run',
    '--quiet',
    file,
  ]);
  return spawn(command, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ARTILLERY_DISABLE_TELEMETRY: '1' },
  });
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The echo server, asked over IPC. */
class Echo {
  readonly #child: ChildProcess;
  readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<Echo> {
    const child = fork(path('echo-server.main.ts'));
    const { port } = await next<{ port: number }>(child);
    if (hasTaskset()) execFileSync('taskset', ['-a', '-p', '-c', '1', String(child.pid)], { stdio: 'ignore' });
    return new Echo(child, `ws://127.0.0.1:${port}/`);
  }

  async ask(): Promise<{ answered: number; open: number }> {
    this.#child.send('count');
    return await next(this.#child);
  }

  async until(isReached: (open: number) => boolean, limitSeconds: number): Promise<void> {
    const deadline = performance.now() + limitSeconds * 1_000;
    while (!isReached((await this.ask()).open)) {
      if (performance.now() > deadline) throw new Error(`The client did not get there within ${limitSeconds} s.`);
      await sleep(50);
    }
  }

  stop(): void {
    this.#child.disconnect();
  }
}

const next = async <Message>(child: ChildProcess): Promise<Message> => {
  const [message] = await once(child, 'message', { signal: AbortSignal.timeout(10_000) });
  return message as Message;
};

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null) return;
  child.kill('SIGKILL');
  await ended;
}

/** Round trips a CPU second of the client's whole process, in the steady state. */
async function measureRoundTrips(client: Client, folder: string): Promise<number> {
  return await withClient(
    client,
    folder,
    { connections: pinging, pinging, messageRatePerSecond: rate },
    async (echo, processId) => {
      await echo.until((open) => open === pinging, 60);
      await sleep(2_000);
      const before = { cpuSeconds: cpuSecondsOf(processId), ...(await echo.ask()) };
      await sleep(seconds * 1_000);
      const after = { cpuSeconds: cpuSecondsOf(processId), ...(await echo.ask()) };
      return (after.answered - before.answered) / (after.cpuSeconds - before.cpuSeconds);
    },
  );
}

/** Bytes of the client's resident memory for each held, idle connection: what it grew by from the first connection on. */
async function measureMemory(client: Client, folder: string): Promise<number> {
  return await withClient(
    client,
    folder,
    { connections: held, pinging: 0, messageRatePerSecond: 0 },
    async (echo, processId) => {
      await echo.until((open) => open > 0, 60);
      const before = residentBytesOf(processId);
      await echo.until((open) => open === held, 120);
      await sleep(3_000);
      return (residentBytesOf(processId) - before) / held;
    },
  );
}

async function withClient(
  client: Client,
  folder: string,
  load: Pick<BenchLoad, 'connections' | 'pinging' | 'messageRatePerSecond'>,
  measure: (echo: Echo, processId: number) => Promise<number>,
): Promise<number> {
  const echo = await Echo.start();
  const child = client.start(echo.url, { ...load, seconds, connectRatePerSecond }, folder);
  try {
    // taskset replaces itself by the client: the process id is the client's.
    return await measure(echo, child.pid ?? 0);
  } finally {
    await stop(child);
    echo.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'loadline-bench-'));
try {
  const rows = [];
  for (const client of clients) {
    const roundTrips = await measureRoundTrips(client, folder);
    const bytes = await measureMemory(client, folder);
    rows.push({ name: client.name, roundTrips, bytes });
  }
  const [floor] = rows;
  if (!floor) throw new Error('no client');
  console.log(
    `${pinging} connections pinging for ${seconds} s (ours: ${rate}/s offered); ${held} connections held. Ratios against the plain ws script in this run.\n`,
  );
  console.log('client                  round trips/CPU s   ratio    KiB/connection   ratio');
  for (const { name, roundTrips, bytes } of rows) {
    console.log(
      [
        name.padEnd(22),
        Math.round(roundTrips).toLocaleString('en').padStart(18),
        (roundTrips / floor.roundTrips).toFixed(2).padStart(8),
        (bytes / 1_024).toFixed(1).padStart(17),
        (bytes / floor.bytes).toFixed(2).padStart(8),
      ].join(' '),
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
