/**
 * A file of JSON that carries its own digest, as its last member `seal`, on a line of its own. For a file that is written again and again: a digest
 * beside it would be that of another version whenever the process ends between the two.
 */
import type { z } from 'zod';
import { digestOfBytes, digestSchema, firstChanged } from './digests.ts';
import { jsonText, parseJsonText, RunFileError, readTextFile, writeTextFile } from './json-file.ts';

/** End of the text of any object that has a member. */
const end = '\n}\n';

/** Throws a RunFileError. */
export function writeSealedJson(path: string, value: object): Promise<void> {
  const text = jsonText(value);
  const seal = JSON.stringify(digestOfBytes(Buffer.from(text)));
  return writeTextFile(path, `${text.slice(0, -end.length)},\n  "seal": ${seal}${end}`);
}

/** Throws a RunFileError: `damaged` with the line, where one can be named, when it is not as it was written. */
export async function readSealedJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readTextFile(path);
  const [, open, json] = /^(.*),\n {2}"seal": (\{[^\n]*\})\n\}\n$/s.exec(text) ?? [];
  if (open === undefined || json === undefined) {
    // One of another version says so.
    parseJsonText(path, text, schema);
    throw notAsWritten(path, null);
  }
  const seal = sealOf(json);
  const found = digestOfBytes(Buffer.from(`${open}${end}`));
  if (seal !== null && found.sha256 !== seal.sha256) throw notAsWritten(path, firstChanged(seal, found));
  // The seal itself.
  if (json !== JSON.stringify(found)) throw notAsWritten(path, open.split('\n').length + 1);
  return parseJsonText(path, text, schema);
}

function sealOf(json: string): z.infer<typeof digestSchema> | null {
  try {
    return digestSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

const notAsWritten = (path: string, line: number | null): RunFileError =>
  new RunFileError(`${path}${line === null ? '' : `, line ${line}`} is not as it was written.`, { line });
