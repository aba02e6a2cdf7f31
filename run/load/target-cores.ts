/** How many cores a local target uses, from Linux's /proc: of all processes below this one but Artillery's. */
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc/<pid>/stat. The kernel's USER_HZ, 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;

interface Process {
  id: number;
  parent: number;
  ticks: number;
}

/** Each call gives the mean since the last; null: the first, and where there is no /proc. */
export function targetCores(
  of: number = process.pid,
  now: () => number = () => performance.now(),
): () => number | null {
  let before: { ticks: Map<number, number>; ms: number } | null = null;
  return () => {
    const processes = readProcesses();
    if (processes === null) return null;
    const ticks = new Map(targetProcesses(processes, of).map((each) => [each.id, each.ticks]));
    const last = before;
    const ms = now();
    before = { ticks, ms };
    if (last === null || ms <= last.ms) return null;
    // A process that ended takes its ticks along: what it used since is not counted.
    const used = [...ticks].reduce((sum, [id, each]) => sum + Math.max(0, each - (last.ticks.get(id) ?? 0)), 0);
    return used / ticksPerSecond / ((ms - last.ms) / 1_000);
  };
}

function targetProcesses(processes: readonly Process[], root: number): Process[] {
  const found: Process[] = [];
  const visit = (parent: number): void => {
    for (const each of processes) {
      if (each.parent !== parent || isArtillery(each.id)) continue;
      found.push(each);
      visit(each.id);
    }
  };
  visit(root);
  return found;
}

function isArtillery(id: number): boolean {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('/artillery/bin/run');
  } catch {
    return false;
  }
}

function readProcesses(): Process[] | null {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(processOf);
  } catch {
    return null;
  }
}

/** Fields after the name, which is in parentheses and may hold anything: state, parent, …, utime and stime as the 14th and 15th of all. proc(5). */
function processOf(name: string): Process[] {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ id: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
  } catch {
    return [];
  }
}
