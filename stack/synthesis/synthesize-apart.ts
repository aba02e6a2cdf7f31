import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StackSettings } from '../settings/settings.ts';
import { type CloudAssembly, cachedAssembly } from './synthesize.ts';

/** From the process that synthesizes to the one that asked. */
export type Synthesized = { kind: 'made'; assembly: CloudAssembly } | { kind: 'failed'; reason: string };

/** It takes a few seconds; this ends a wait that would not end. */
const limitMs = 300_000;
const endSentence = (how: number | NodeJS.Signals | null): string =>
  how === null
    ? `The synthesis of the stack did not end within ${limitMs / 1_000} s and was stopped.`
    : `The synthesis of the stack ended with ${how}.`;

/**
 * The cloud assembly of the stack, from the cache, or made by a separate process: aws-cdk-lib takes hundreds of megabytes, which are
 * freed when the process ends. The folder is shared: read it, never write into it.
 * @throws an error whose message is one sentence; the signal's reason when it aborts.
 */
export async function synthesizeApart(settings: StackSettings, signal?: AbortSignal): Promise<CloudAssembly> {
  signal?.throwIfAborted();
  const cached = cachedAssembly(settings);
  if (cached !== null) return cached;
  // The extension of this file: .ts in the repository, .js where it was compiled.
  const entry = new URL(`./synthesize.main${extname(import.meta.url)}`, import.meta.url);
  // Without options that change Node itself, such as a test runner's loader or an inspector's port.
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
  const child = fork(fileURLToPath(entry), [JSON.stringify(settings)], {
    execArgv: [],
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const kill = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  process.once('exit', kill);
  let isTooLong = false;
  const timer = setTimeout(() => {
    isTooLong = true;
    kill();
  }, limitMs);
  try {
    return await new Promise((resolve, reject) => {
      child.once('message', (message: Synthesized) => {
        // All of it is on the disk. Node may wait for ever for a compiler thread as it exits (nodejs/node#54918), and this process for it.
        kill();
        if (message.kind === 'made') resolve(message.assembly);
        else reject(new Error(message.reason));
      });
      child.on('error', reject);
      child.once('exit', (code, by) =>
        reject(signal?.aborted ? signal.reason : new Error(endSentence(isTooLong ? null : (code ?? by)))),
      );
    });
  } finally {
    clearTimeout(timer);
    process.off('exit', kill);
    signal?.removeEventListener('abort', kill);
  }
}
