/** CPU time and memory of another process, from Linux's /proc: the same measure for every client, regardless of its language. */
import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of /proc's CPU times; 100 on every Linux that Node runs on. */
const clockTicksPerSecond = 100;

/** CPU seconds (user + system, all threads) that a process has used. Throws if it has ended. */
export function cpuSecondsOf(processId: number): number {
  return cpuSecondsOfStat(readFileSync(`/proc/${processId}/stat`, 'utf8'));
}

/** A process and all its descendants, itself first: some tools are a script around the actual worker. */
export function familyOf(processId: number): number[] {
  const threads = namesIn(`/proc/${processId}/task`);
  const children = threads.flatMap((thread) => childrenOf(`/proc/${processId}/task/${thread}/children`));
  return [processId, ...children.flatMap(familyOf)];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A process that has ended meanwhile.
    return [];
  }
}

function childrenOf(file: string): number[] {
  try {
    return readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    // A thread that has ended meanwhile.
    return [];
  }
}

function cpuSecondsOfStat(stat: string): number {
  // The second field, the command in brackets, may contain spaces: count from after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
}

/** Resident memory of a process in bytes. */
export function residentBytesOf(processId: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'));
  if (!line) throw new Error(`No VmRSS in /proc/${processId}/status: has the process ended?`);
  return Number(line[1]) * 1_024;
}

/** CPU seconds of each thread of a process: Node names its main thread and its worker threads. */
export function threadCpuSecondsOf(processId: number): { name: string; cpuSeconds: number }[] {
  return readdirSync(`/proc/${processId}/task`).flatMap((thread) => {
    try {
      const stat = readFileSync(`/proc/${processId}/task/${thread}/stat`, 'utf8');
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      return [{ name, cpuSeconds: cpuSecondsOfStat(stat) }];
    } catch {
      // A thread that has ended meanwhile.
      return [];
    }
  });
}
