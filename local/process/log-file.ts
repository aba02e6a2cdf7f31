/** The files and the folder of a target's logs, which only their owner may read: functions log what their callers send. */
import { close, createWriteStream, fchmod, open, type WriteStream, write, writev } from 'node:fs';
import { chmod, lstat, readdir } from 'node:fs/promises';
import { makeFolder, privateFileMode, privateFolderMode } from '../../record/private-folder.ts';

/** An empty file; one that is there is emptied, and closed to others. */
export function openLogFile(path: string): WriteStream {
  return createWriteStream(path, { mode: privateFileMode, fs: { open: openClosedToOthers, write, writev, close } });
}

type Opened = (error: Error | null, descriptor?: number) => void;

/** Whatever the umask, and whoever made it before; before anything is written. */
function openClosedToOthers(path: string, flags: string, mode: number, done: Opened): void {
  open(path, flags, mode, (error, descriptor) => {
    if (error !== null) done(error);
    // A file system without modes is none of our business.
    else fchmod(descriptor, privateFileMode, () => done(null, descriptor));
  });
}

/** Made if missing. One that is there is closed to others only if nothing but logs is in it: it could be the caller's home, or /tmp. */
export async function makeLogFolder(path: string): Promise<void> {
  const onlyLogs = (await makeFolder(path)) || (await readdir(path)).every((name) => /\.(?:log|ndjson)$/.test(name));
  const { uid } = await lstat(path);
  if (onlyLogs && (process.getuid === undefined || uid === process.getuid())) await chmod(path, privateFolderMode);
}
