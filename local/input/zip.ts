/** Unpacks a zip file. Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4; stored and deflated entries, without encryption and ZIP64. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { readTemplateFile } from './input-file.ts';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const endRecordBytes = 22;
const maxCommentBytes = 65_535;
/** An unpacked function is at most 250 MB (Lambda quotas, read November 2026): one entry is not more. */
const maxEntryBytes = 250 * 1_024 * 1_024;

interface Entry {
  name: string;
  method: number;
  packedBytes: number;
  offset: number;
  /** Unix permissions; 0 when made elsewhere. */
  mode: number;
}

/** @throws an error whose message says what is wrong with the file, without its name. */
export function unzip(file: string, folder: string): void {
  const zip = readTemplateFile(file);
  for (const entry of entriesOf(zip)) {
    const path = normalize(entry.name.replaceAll('\\', '/'));
    if (path.startsWith('..') || path.startsWith(sep)) throw new Error(`has an entry outside of itself: ${entry.name}`);
    const target = join(folder, path);
    if (entry.name.endsWith('/')) {
      mkdirSync(target, { recursive: true });
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contentOf(zip, entry), { mode: entry.mode === 0 ? 0o644 : entry.mode & 0o777 });
  }
}

/** A folder name for what a file unpacks to. */
export const contentKey = (file: string): string => textKey(readTemplateFile(file));

export const textKey = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 24);

function entriesOf(zip: Buffer): Entry[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end < zip.length - endRecordBytes - maxCommentBytes || zip.readUInt32LE(end) !== endOfDirectory)
    throw new Error('is not a zip file');
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  for (let index = 0; index < count; index++) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== directoryEntry) throw new Error('is a damaged zip file');
    const nameBytes = zip.readUInt16LE(at + 28);
    const madeOnUnix = zip.readUInt8(at + 5) === 3;
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameBytes),
      method: zip.readUInt16LE(at + 10),
      packedBytes: zip.readUInt32LE(at + 20),
      offset: zip.readUInt32LE(at + 42),
      mode: madeOnUnix ? zip.readUInt16LE(at + 40) : 0,
    });
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function contentOf(zip: Buffer, { name, method, packedBytes, offset }: Entry): Buffer {
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  const packed = zip.subarray(start, start + packedBytes);
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed, { maxOutputLength: maxEntryBytes });
  throw new Error(`has an entry in a format that is not supported (${method}): ${name}`);
}
