/** Files of a run folder: validated when read, replaced atomically when written. */
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { z } from 'zod';

/** A file of the run folder is missing, cut off or in another layout. The message is one sentence for the user. */
export class RunFileError extends Error {
  override readonly name = 'RunFileError';
}

/** Reads and validates a JSON file. Throws a RunFileError that names the file and the first wrong field. */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new RunFileError(`${path} is not JSON: it was cut off or edited; use another run folder.`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const other = otherVersion(json, parsed.error.issues);
  if (other !== null) throw new RunFileError(`${path} ${other}`);
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
  return writeTextFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes to a temporary file beside it, flushes and renames: a reader sees the old file or the new one, whole. Throws a RunFileError. */
export async function writeTextFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new RunFileError(`${path} could not be written: ${sentenceOf(cause)}.`, { cause });
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new RunFileError(`${path} could not be read: ${sentenceOf(cause)}.`, { cause });
  }
}

/** The system's reason without the path, which the caller names already. */
export function sentenceOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'permission is denied';
  if (code === 'ENOSPC') return 'the disk is full';
  return cause.message;
}
