/** digests.json: a digest of every file that a run left, so that a later change of any is noticed. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { Damage } from './damage.ts';
import { RunFileError, readJsonFile, sentenceOf, writeJsonFile } from './json-file.ts';
import { runFileNames } from './run-folder.ts';

const digestsSchemaVersion = 1;

export const digestSchema = z.strictObject({
  /** Of the content, in hexadecimal. */
  sha256: z.string(),
  /** Of a file of JSON, 4 hexadecimal digits a line: they say which line was changed, not whether one was. */
  lines: z.string().exactOptional(),
});
type Digest = z.infer<typeof digestSchema>;
const filesSchema = z.record(z.string(), digestSchema);
const digestsSchema = z.strictObject({
  schemaVersion: z.literal(digestsSchemaVersion),
  /** By the file's name. */
  files: filesSchema,
  /** SHA-256 of `files` as JSON without white space: this file is checked as well. */
  sha256: z.string(),
});

const { digests: digestsName, reportJson, reportMarkdown, reportHtml, junit, timeline, events } = runFileNames;
/** Made from the others at any time: no damage to them is lost data. */
const reportNames: ReadonlySet<string> = new Set([reportJson, reportMarkdown, reportHtml, junit, timeline, events]);
/** Where one appears that the run did not leave, it would be read. */
const dataNames = [runFileNames.client, runFileNames.cloudwatch, runFileNames.observation, runFileNames.artillery];

const digitsPerLine = 4;
/** Of a longer file only the whole has a digest. */
const maxLines = 25_000;

/** Digests of all files in the folder itself; logs are left out. Throws a RunFileError. */
export async function writeDigests(folder: string): Promise<void> {
  const files: Record<string, Digest> = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    const isKept = entry.isFile() && name !== digestsName && !name.endsWith('.tmp');
    if (isKept && (name === reportJson || !reportNames.has(name))) files[name] = await digestOf(join(folder, name));
  }
  await writeFiles(folder, files);
}

/** Replaces the digest of report.json, which was made again. */
export async function writeReportDigest(folder: string): Promise<void> {
  const { files } = await readJsonFile(join(folder, digestsName), digestsSchema);
  await writeFiles(folder, { ...files, [reportJson]: await digestOf(join(folder, reportJson)) });
}

function writeFiles(folder: string, files: Record<string, Digest>): Promise<void> {
  const sorted = Object.fromEntries(Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const content = { schemaVersion: digestsSchemaVersion, files: sorted, sha256: sumOf(sorted) };
  return writeJsonFile(join(folder, digestsName), content);
}

const sumOf = (files: Record<string, Digest>): string =>
  createHash('sha256').update(JSON.stringify(files)).digest('hex');

/** Null: the folder has no digests, as of a run that has not ended. `damage`: what differs from them, the reports left out unless asked for. */
export async function checkDigests(folder: string, { reports = false } = {}): Promise<Damage[] | null> {
  const own = await kindOf(join(folder, digestsName));
  if (own === 'missing') return null;
  let files: Record<string, Digest>;
  try {
    const read = await readJsonFile(join(folder, digestsName), digestsSchema);
    files = read.files;
    if (read.sha256 !== sumOf(files)) return [{ kind: 'changed', file: digestsName, line: null }];
  } catch (cause) {
    if (!(cause instanceof RunFileError)) throw cause;
    return [{ kind: 'changed', file: digestsName, line: null }];
  }
  const damage: Damage[] = [];
  for (const [file, digest] of Object.entries(files)) {
    if (!reports && reportNames.has(file)) continue;
    damage.push(...(await checkFile(folder, file, digest)));
  }
  for (const file of dataNames)
    if (!(file in files) && (await kindOf(join(folder, file))) !== 'missing') damage.push({ kind: 'unexpected', file });
  return damage;
}

/** Whether a file of this name and text is the one that the run left. Throws a RunFileError without digests. */
export async function isAsDigested(folder: string, file: string, text: string): Promise<boolean> {
  const { files } = await readJsonFile(join(folder, digestsName), digestsSchema);
  return files[file]?.sha256 === createHash('sha256').update(text).digest('hex');
}

async function checkFile(folder: string, file: string, digest: Digest): Promise<Damage[]> {
  const path = join(folder, file);
  const kind = await kindOf(path);
  if (kind === 'missing') return [{ kind: 'missing', file }];
  if (kind === 'other') return [{ kind: 'unreadable', file, reason: 'it is not a file' }];
  try {
    const found = await digestOf(path);
    return found.sha256 === digest.sha256 ? [] : [{ kind: 'changed', file, line: firstChanged(digest, found) }];
  } catch (cause) {
    return [{ kind: 'unreadable', file, reason: sentenceOf(cause) }];
  }
}

/** The first line that differs, from 1; null when the lines have no digests. */
export function firstChanged({ lines }: Digest, found: Digest): number | null {
  if (lines === undefined) return null;
  const now = found.lines ?? '';
  let at = 0;
  while (at < lines.length && lines.slice(at, at + digitsPerLine) === now.slice(at, at + digitsPerLine))
    at += digitsPerLine;
  return at / digitsPerLine + 1;
}

/** A device or a pipe in place of a file would be read for ever. */
async function kindOf(path: string): Promise<'file' | 'missing' | 'other'> {
  try {
    return (await stat(path)).isFile() ? 'file' : 'other';
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'missing' : 'other';
  }
}

async function digestOf(path: string): Promise<Digest> {
  // The lines of client.ndjson have seals of their own.
  if (!path.endsWith('.json')) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return { sha256: hash.digest('hex') };
  }
  return digestOfBytes(await readFile(path));
}

/** Of JSON that is written with a line for each value. */
export function digestOfBytes(bytes: Buffer): Digest {
  const lines = bytes.toString('latin1').split('\n');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, ...(lines.length <= maxLines && { lines: lines.map(digitsOf).join('') }) };
}

const digitsOf = (line: string): string => (crc32(line) % 65_536).toString(16).padStart(digitsPerLine, '0');
