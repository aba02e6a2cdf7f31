/** A Loadline command in a process of its own, in some checkout: each run starts from nothing, and the base of a comparison runs its own code. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** Where a command runs: the folder that its paths are relative to, and the Loadline that it is. */
export interface Checkout {
  folder: string;
  /** Folder of Loadline's package.json. */
  loadline: string;
  commit: string | null;
}

export const thisLoadline: string = packageRoot;

export interface CommandEnd {
  /** Null: ended by a signal. */
  code: number | null;
  /** What it printed, parsed; null where it is not JSON. */
  json: unknown;
  /** Its last lines on stderr. */
  said: string;
}

/** Longer messages say no more. */
const keptCharacters = 4_000;

/** Settles when it has ended. An abort passes the signal on, and waits for what it still writes; a channel ends it with this process, however that ends (scripts/interruption.ts). */
export async function runCommand(
  args: readonly string[],
  { checkout, signal }: { checkout: Checkout; signal: AbortSignal },
): Promise<CommandEnd> {
  const child = spawn(process.execPath, [join(checkout.loadline, 'scripts', 'loadline.js'), ...args], {
    cwd: checkout.folder,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const stop = () => child.kill('SIGINT');
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  let stdout = '';
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-keptCharacters);
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('close', resolve);
      child.on('error', reject);
    });
    return { code, json: jsonOf(stdout), said: said.trim() };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
