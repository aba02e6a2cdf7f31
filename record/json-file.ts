/** Files of a run folder: validated when read, replaced atomically when written. */
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { privateFileMode } from './private-folder.ts';

/** What is wrong with a file: `unwritable` is about the place, the others about what is there. */
type FileProblem = 'missing' | 'damaged' | 'otherVersion' | 'unwritable';

/** A file of the run folder is missing, cut off, in another layout or cannot be written. The message is one sentence for the user. */
export class RunFileError extends Error {
  override readonly name = 'RunFileError';
  readonly problem: FileProblem;
  /** The line that is wrong, from 1, where one is known. */
  readonly line: number | null;

  constructor(
    message: string,
    { cause, problem = 'damaged', line = null }: { cause?: unknown; problem?: FileProblem; line?: number | null } = {},
  ) {
    super(message, { cause });
    this.problem = problem;
    this.line = line;
  }
}

/** Reads and validates a JSON file. Throws a RunFileError that names the file and the first wrong field. */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  return parseJsonText(path, await readTextFile(path), schema);
}

/** The same of its text. `path` is for the message. */
export function parseJsonText<T>(path: string, text: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const line = lineOfSyntaxError(cause, text);
    throw new RunFileError(`${path} is not JSON (line ${line}): it was cut off or edited; use another run folder.`, {
      cause,
      line,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const other = otherVersion(json, parsed.error.issues);
  if (other !== null) throw new RunFileError(`${path} ${other}`, { problem: 'otherVersion' });
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || 'the file';
  throw new RunFileError(`${path} does not have the layout that this version reads: ${field}: ${issue?.message}.`);
}

/** A file of an older or newer version; null when that is not the problem. */
function otherVersion(json: unknown, issues: readonly z.core.$ZodIssue[]): string | null {
  const issue = issues.find(({ path }) => path.length === 1 && path[0] === 'schemaVersion');
  if (issue?.code !== 'invalid_value' || typeof json !== 'object' || json === null) return null;
  const version: unknown = Reflect.get(json, 'schemaVersion');
  if (typeof version !== 'number') return null;
  const madeBy: unknown = Reflect.get(json, 'loadlineVersion');
  const maker = typeof madeBy === 'string' ? `Loadline ${madeBy}` : 'another version of Loadline';
  return `has layout ${version} (made by ${maker}), but this version reads layout ${issue.values.join(' or ')}: use the version that made it, or make a new one.`;
}

export function writeJsonFile(path: string, value: unknown): Promise<void> {
  return writeTextFile(path, jsonText(value));
}

/** The text of such a file. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Writes to a temporary file beside it, flushes and renames: a reader sees the old file or the new one, whole. Throws a RunFileError. */
export async function writeTextFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w', privateFileMode);
    try {
      // Whatever the umask, and whoever made the file before.
      await file.chmod(privateFileMode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new RunFileError(`${path} could not be written: ${sentenceOf(cause)}.`, { cause, problem: 'unwritable' });
  }
}

/** Throws a RunFileError. */
export async function readTextFile(path: string): Promise<string> {
  try {
    await refuseOther(path);
    return await readFile(path, 'utf8');
  } catch (cause) {
    // ENOTDIR: a file was named where a folder is meant.
    const isMissing =
      cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    const problem = isMissing ? 'missing' : 'damaged';
    throw new RunFileError(`${path} could not be read: ${sentenceOf(cause)}.`, { cause, problem });
  }
}

/** From V8's message, `… at position 17 (line 2 column 5)`; without one the text ends too early. */
function lineOfSyntaxError(error: unknown, text: string): number {
  const [, line] = /\(line (\d+) column \d+\)/.exec(String(error)) ?? [];
  return line === undefined ? text.trimEnd().split('\n').length : Number(line);
}

/** Throws when there is something else than a file: a device or a pipe would be read for ever. */
export async function refuseOther(path: string): Promise<void> {
  if (!(await stat(path)).isFile()) throw new Error('it is not a file');
}

/** What is full now was not when the command began: that is not wrong input. */
export const isOfFullDisk = (cause: unknown): boolean =>
  cause instanceof Error && (('code' in cause && isFull(cause.code)) || isOfFullDisk(cause.cause));

const isFull = (code: unknown): boolean => code === 'ENOSPC' || code === 'EDQUOT';

/** The system's reason without the path, which the caller names already. */
export function sentenceOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'permission is denied';
  if (isFull(code)) return 'the disk is full';
  if (code === 'EROFS') return 'the file system is read-only';
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'there is a file where a folder is needed';
  return cause.message;
}
