/** Questions to a person on a terminal, asked on stderr so that stdout stays data. */
import { createInterface, type Interface } from 'node:readline';
import { UsageError } from '../run/errors.ts';
import { exitCode } from './exit-code.ts';

export interface Dialogue {
  /** What was typed, one line. Rejects with a UsageError when the input ends (Ctrl-D). */
  question(text: string): Promise<string>;
  close(): void;
}

/** Lines that were typed, or pasted, before they were asked for are answers too. */
export function dialogueOn(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Dialogue {
  const reader: Interface = createInterface({ input, output });
  const lines: string[] = [];
  let waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | null = null;
  let isClosed = false;
  const ended = () => new UsageError('The input ended before the last answer: nothing was written.');
  reader.on('line', (line) => {
    if (waiting === null) lines.push(line);
    else waiting.resolve(line);
    waiting = null;
  });
  reader.on('close', () => {
    isClosed = true;
    waiting?.reject(ended());
  });
  // Ctrl-C ends the command as anywhere else.
  reader.on('SIGINT', () => process.exit(exitCode.interrupted));
  return {
    question(text) {
      reader.setPrompt(text);
      reader.prompt();
      const line = lines.shift();
      if (line !== undefined) return Promise.resolve(line);
      if (isClosed) return Promise.reject(ended());
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    close: () => reader.close(),
  };
}
