/** A command that fails in a way that nothing catches, for a test of the boundary: `kind` is its argument. */
import { EventEmitter } from 'node:events';
import { guardProcess } from './boundary.ts';
import { handleSignals, onInterruption, stopForError } from './interruption.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal(stopForError);
const ended = guardProcess(terminal);
handleSignals();
const fail = () => {
  throw new TypeError('no\nsuch thing');
};
const kinds: Record<string, () => Promise<void>> = {
  throw: async () => {
    setTimeout(fail);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  rejection: async () => {
    void Promise.reject(new TypeError('no\nsuch thing'));
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  errorEvent: async () => {
    setTimeout(() => new EventEmitter().emit('error', new TypeError('no\nsuch thing')));
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  forgottenPromise: () => new Promise(() => {}),
  /** Stops gracefully when something fails, and then still has something to write. */
  graceful: async () => {
    const { signal, dispose } = onInterruption(terminal.say, 'stopping');
    setTimeout(fail);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    terminal.print(`partial report: ${String(signal.reason.message).slice(0, 28)}`);
    dispose();
    terminal.endWith(0);
  },
  waits: async () => {
    terminal.print('waiting');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
};
await kinds[process.argv[2] ?? '']?.();
ended();
