/** Lines of a file, as they stand: only a line feed ends one (a text may hold U+2028, at which Node's readline would cut it). */
import { createReadStream } from 'node:fs';
import { RunFileError, refuseOther, sentenceOf } from './json-file.ts';

export interface Line {
  text: string;
  /** From 1. */
  number: number;
  /** False for a last line without its line feed. */
  isEnded: boolean;
}

/** No line of a run is longer: a file without line feeds must not fill the memory. */
const maxLineCharacters = 64 * 1_048_576;

/** Throws a RunFileError when the file cannot be read, or has a line that no run writes. */
export async function* linesOf(path: string): AsyncGenerator<Line, void> {
  await refuseOther(path).catch((cause: unknown) => {
    throw new RunFileError(`${path} could not be read: ${sentenceOf(cause)}.`, { cause });
  });
  const stream = createReadStream(path, 'utf8');
  let number = 0;
  let rest = '';
  try {
    for await (const chunk of stream) {
      const pieces = `${rest}${String(chunk)}`.split('\n');
      rest = pieces.pop() ?? '';
      for (const text of pieces) yield { text, number: ++number, isEnded: true };
      if (rest.length > maxLineCharacters) throw new RunFileError(`${path} has a line of more than 64 MB.`);
    }
  } catch (cause) {
    if (cause instanceof RunFileError) throw cause;
    throw new RunFileError(`${path} could not be read: ${sentenceOf(cause)}.`, { cause });
  } finally {
    stream.destroy();
  }
  if (rest !== '') yield { text: rest, number: number + 1, isEnded: false };
}
