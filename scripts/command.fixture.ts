/** The command as a user starts it, and what it has started. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { codeCache } from '../local/process/code-cache.ts';

const command = fileURLToPath(new URL('./loadline.js', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command with these arguments in a folder, with a folder for temporary files of its own. */
export function startCommand(
  args: string[],
  { folder, temporary, environment = {} }: { folder: string; temporary: string; environment?: Record<string, string> },
): { child: ChildProcess; ended: Promise<Ended>; saw: (text: string) => Promise<void> } {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    // What is compiled is kept on purpose, beside what is temporary.
    env: { ...process.env, ...codeCache(), TMPDIR: temporary, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  const saw = async (text: string) => {
    while (!(stdout + stderr).includes(text)) {
      if (child.exitCode !== null) throw new Error(`It ended before it said "${text}": ${stdout}${stderr}`);
      await sleep(50);
    }
  };
  return { child, ended, saw };
}

/** Every process below this one, by /proc: command line by process id. */
export function descendantsOf(processId: number): Map<number, string> {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [{ id: Number(name), parent, commandLine: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
      } catch {
        return [];
      }
    });
  const found = new Map<number, string>();
  const visit = (id: number): void => {
    for (const each of parents.filter(({ parent }) => parent === id)) {
      found.set(each.id, each.commandLine);
      visit(each.id);
    }
  };
  visit(processId);
  return found;
}

const isAlive = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
};

export async function expectAllGone(processIds: Iterable<number>): Promise<void> {
  await expect.poll(() => [...processIds].filter(isAlive), { timeout: 50_000 }).toEqual([]);
}
