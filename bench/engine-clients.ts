/** The clients that bench/engine.ts compares, and how they report their latency. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { highestValueOf } from '../engine/src/buckets.ts';
import type { ClientRecord } from '../engine/src/records.ts';
import { locateArtillery } from '../run/load/artillery.ts';
import { artilleryWsScript, type BenchLoad, k6Script, loadlineScript, tsungScript } from './client-scripts.ts';
import { nextMessage, pinned } from './echo.ts';

export interface Latency {
  p50Ms: number;
  p99Ms: number;
  messages: number;
}

export interface Client {
  name: string;
  start(url: string, load: BenchLoad, folder: string): ChildProcess;
  /** Latency from the intended time since the last call; null: not measured. */
  latency(child: ChildProcess, folder: string): Promise<Latency | null>;
}

export const plainClosedLoop: Client = {
  name: 'plain ws, closed loop',
  start: (url, load) => startPlain(url, { ...load, messageRatePerSecond: 0 }),
  latency: async () => null,
};
export const plainOpenLoop: Client = {
  name: 'plain ws, same schedule',
  start: startPlain,
  latency: async (child) => {
    child.send('latency');
    return await nextMessage<Latency>(child);
  },
};
export const loadline: Client = {
  name: 'Loadline in Artillery',
  start: (url, load, folder) => startArtillery(loadlineScript(url, load), folder),
  latency: async (_child, folder) => latencyOf(takeRecords(folder)),
};
export const artilleryWs: Client = {
  name: "Artillery's own ws",
  start: (url, load, folder) => startArtillery(artilleryWsScript(url, load), folder),
  latency: async () => null,
};

/** Debian's package; null if it is not installed. */
export const tsung: Client | null = isInstalled('tsung')
  ? {
      name: 'tsung, closed loop',
      start: (url, load, folder) => {
        const file = join(folder, 'tsung.xml');
        writeFileSync(file, tsungScript(url, load));
        const [command, args] = pinned(0, ['tsung', '-n', '-f', file, '-l', join(folder, 'tsung'), 'start']);
        return spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      },
      latency: async () => null,
    }
  : null;

/** Null if it is not installed. */
export const k6: Client | null = isInstalled('k6')
  ? {
      name: 'k6, closed loop',
      start: (url, load, folder) => {
        const file = join(folder, 'k6.js');
        writeFileSync(file, k6Script(url, load));
        const [command, args] = pinned(0, ['k6', 'run', '--quiet', '--no-summary', '--no-usage-report', file]);
        return spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      },
      latency: async () => null,
    }
  : null;

function isInstalled(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const recordsIn = (folder: string) => join(folder, 'client.ndjson');

function startPlain(url: string, load: BenchLoad): ChildProcess {
  const script = fileURLToPath(new URL('plain-ws.main.ts', import.meta.url));
  const numbers = [load.connections, load.pinging, load.connectRatePerSecond, load.messageRatePerSecond].map(String);
  const [file, args] = pinned(0, [process.execPath, script, url, ...numbers]);
  return spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

function startArtillery(script: string, folder: string): ChildProcess {
  const file = join(folder, 'bench.yml');
  writeFileSync(file, script);
  writeFileSync(recordsIn(folder), '');
  const runner = join(locateArtillery().root, 'bin', 'run');
  const [command, args] = pinned(0, [process.execPath, runner, 'run', '--quiet', file]);
  return spawn(command, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ARTILLERY_DISABLE_TELEMETRY: '1', LOADLINE_CLIENT_RECORDS: recordsIn(folder) },
  });
}

function takeRecords(folder: string): ClientRecord[] {
  const lines = readFileSync(recordsIn(folder), 'utf8').trimEnd().split('\n');
  writeFileSync(recordsIn(folder), '');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ClientRecord);
}

function latencyOf(records: readonly ClientRecord[]): Latency {
  const counts = new Map<number, number>();
  for (const { histograms } of records)
    for (const [index, n] of Object.entries(histograms.roundTripMicros ?? {}))
      counts.set(Number(index), (counts.get(Number(index)) ?? 0) + n);
  const sorted = [...counts].toSorted(([a], [b]) => a - b);
  const messages = sorted.reduce((sum, [, n]) => sum + n, 0);
  const quantileMs = (q: number) => {
    let left = Math.ceil(q * messages);
    for (const [index, n] of sorted) {
      left -= n;
      if (left <= 0) return highestValueOf(index) / 1_000;
    }
    return Number.NaN;
  };
  return { p50Ms: quantileMs(0.5), p99Ms: quantileMs(0.99), messages };
}
