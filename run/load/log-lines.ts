/** The output of a child process, kept in a file without its secrets. */
import { appendFileSync, closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Conceal } from '../../engine/src/concealment.ts';

/** A line without an end is written in parts of this many characters. */
const longestLine = 65_536;

/**
 * Appends what the streams say line by line, as it comes: what was said last is on disk even if this process is ended the next moment.
 * Settles when all of them have ended, with the file closed, and never rejects: a log that cannot be written does not end a run.
 */
export async function logLines(
  streams: readonly (Readable | null)[],
  descriptor: number,
  conceal: Conceal,
): Promise<void> {
  const write = (text: string) => {
    try {
      appendFileSync(descriptor, conceal(text));
    } catch {
      // The disk is full, for example: the line is lost, and the stream is read on, so that the child does not wait.
    }
  };
  await Promise.all(streams.flatMap((stream) => (stream === null ? [] : [follow(stream, write)])));
  closeSync(descriptor);
}

/** A chunk may end within a line, and a secret with it. */
function follow(stream: Readable, write: (text: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = rest + chunk;
    const end = lines.lastIndexOf('\n') + 1;
    rest = lines.slice(end);
    if (end > 0) write(lines.slice(0, end));
    if (rest.length > longestLine) {
      write(rest);
      rest = '';
    }
  });
  return new Promise((resolve) => {
    const finish = () => {
      if (rest !== '') write(rest);
      rest = '';
      resolve();
    };
    stream.once('close', finish);
    stream.once('error', finish);
  });
}
