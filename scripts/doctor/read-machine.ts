/** What `loadline doctor` looks at on this machine. */
import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { availableParallelism, freemem, loadavg, tmpdir, totalmem } from 'node:os';
import { machineGauges } from '../../engine/src/core/machine/machine.ts';
import { folderProblem } from '../../record/folder-problem.ts';
import { messageOf } from '../../run/errors.ts';
import { locateArtillery } from '../../run/load/artillery.ts';
import type { Machine } from './machine-checks.ts';

export async function readMachine(): Promise<Machine> {
  const gauges = machineGauges();
  const [loopbackProblem, here, temporary, git, python, synchronised] = await Promise.all([
    tryLoopback(),
    folderOf('run folders', process.cwd()),
    folderOf('temporary', tmpdir()),
    versionOf('git', '--version'),
    versionOf(process.env.LOADLINE_PYTHON ?? 'python3', '--version'),
    versionOf('timedatectl', 'show', '--property=NTPSynchronized', '--value'),
  ]);
  return {
    node: process.versions.node,
    maxDescriptors: gauges.maxDescriptors ?? null,
    ports:
      gauges.portsOfAddress === undefined ? null : { ofAddress: gauges.portsOfAddress, inUse: gauges.portsInUse ?? 0 },
    cores: availableParallelism(),
    busyShare: process.platform === 'win32' ? null : (loadavg()[0] ?? 0) / availableParallelism(),
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
    freeMemoryBytes: Math.min(process.availableMemory(), freemem()),
    isClockSynchronised: synchronised === 'yes' ? true : synchronised === 'no' ? false : null,
    nowMs: Date.now(),
    loopbackProblem,
    folders: [here, temporary],
    artillery: artillery(),
    programs: { git, python },
  };
}

function artillery(): Machine['artillery'] {
  try {
    return { version: locateArtillery().version };
  } catch (cause) {
    return { problem: messageOf(cause) };
  }
}

async function folderOf(name: string, path: string): Promise<Machine['folders'][number]> {
  const problem = await folderProblem(path);
  const space = await statfs(path).catch(() => null);
  return {
    ...{ name, path },
    problem: problem?.replace(`${path} could not be written: `, '') ?? null,
    freeBytes: space === null ? null : space.bavail * space.bsize,
  };
}

const longestMs = 3_000;

async function tryLoopback(): Promise<string | null> {
  const server: Server = createServer((socket) => socket.end());
  try {
    return await new Promise<string | null>((resolve) => {
      server.once('error', ({ message }) => resolve(message));
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        const socket = connect({ port, host: '127.0.0.1', timeout: longestMs });
        const end = (problem: string | null) => {
          socket.destroy();
          resolve(problem);
        };
        socket.once('connect', () => end(null));
        socket.once('timeout', () => end('nothing answers'));
        socket.once('error', ({ message }) => end(message));
      });
    });
  } finally {
    server.close();
  }
}

/** The first line of what a program prints; null: there is no such program, or it fails. */
function versionOf(program: string, ...args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: longestMs }, (error, stdout) => {
      resolve(error ? null : (stdout.split('\n')[0] ?? '').trim());
    });
  });
}
