/** Apache Otava (PyPI apache-otava) in a process of its own, installed into a temporary folder. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const version = '0.8.0';
const run = promisify(execFile);

export interface Otava {
  /** Indices of the changes in a whole history, values as measured. */
  changes(values: readonly number[]): Promise<number[]>;
  /** Nights from a change on until it is first reported, when asked every evening; null: never. */
  nightsUntilSeen(values: readonly number[], changeAt: number): Promise<number | null>;
  stop(): void;
}

/** Null where Python, its venv or the package cannot be had. */
export async function startOtava(): Promise<Otava | null> {
  const folder = await mkdtemp(join(tmpdir(), 'loadline-otava-'));
  const python = join(folder, 'bin', 'python');
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', `apache-otava==${version}`]);
  } catch {
    await rm(folder, { recursive: true, force: true });
    return null;
  }
  const script = new URL('change_points.py', import.meta.url).pathname;
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  // A broken pipe is told by the end of the answers.
  child.stdin.on('error', () => {});
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async <T>(history: object, parse: (answer: unknown) => T): Promise<T> => {
    child.stdin.write(`${JSON.stringify(history)}\n`);
    const { value, done } = await answers.next();
    if (done) {
      await rm(folder, { recursive: true, force: true });
      throw new Error('Otava ended.');
    }
    return parse(JSON.parse(value));
  };
  return {
    changes: (values) =>
      ask({ values, from: null }, (answer) =>
        Array.isArray(answer) ? answer.filter((each) => typeof each === 'number') : [],
      ),
    nightsUntilSeen: (values, changeAt) =>
      ask({ values, from: changeAt }, (answer) => (typeof answer === 'number' ? answer : null)),
    stop() {
      child.stdin.end();
      child.once('exit', () => void rm(folder, { recursive: true, force: true }));
    },
  };
}
