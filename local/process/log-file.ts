/** The files and the folder of a target's logs, which only their owner may read: functions log what their callers send. */
import { createWriteStream, existsSync, fchmod, type WriteStream } from 'node:fs';
import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const ownerOnly = { folder: 0o700, file: 0o600 } as const;

/** An empty file; one that is there is emptied, and closed to others. */
export function openLogFile(path: string): WriteStream {
  const file = createWriteStream(path, { mode: ownerOnly.file });
  // Whatever the umask, and whoever made it before. A file system without modes is none of our business.
  file.on('open', (descriptor) => fchmod(descriptor, ownerOnly.file, () => undefined));
  return file;
}

/**
 * Makes a folder and those above it. False: it is there. In place of `recursive`, with which Node 24.21 tries for ever where the system says ENOENT
 * though the folder above is there, as under /proc.
 */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, ownerOnly.folder);
    return true;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return false;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path || existsSync(above)) throw cause;
    await makeFolder(above);
    await mkdir(path, ownerOnly.folder);
    return true;
  }
}

/** Made if missing. One that is there is closed to others only if nothing but logs is in it: it could be the caller's home, or /tmp. */
export async function makeLogFolder(path: string): Promise<void> {
  const onlyLogs = (await makeFolder(path)) || (await readdir(path)).every((name) => /\.(?:log|ndjson)$/.test(name));
  const { uid } = await lstat(path);
  if (onlyLogs && (process.getuid === undefined || uid === process.getuid())) await chmod(path, ownerOnly.folder);
}
