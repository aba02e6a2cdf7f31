/** Folders that only their owner may enter: what a run leaves names a target, its users and its addresses. */
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Of a folder, and of a file. */
export const privateFolderMode = 0o700;
export const privateFileMode = 0o600;

/**
 * Makes a folder and those above it, where they are missing, for their owner only. False: it is there. Rejects with the system's error. In place of `recursive`, with which Node 24.21 tries for ever
 * where the system says ENOENT though the folder above is there, as under /proc.
 */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, privateFolderMode);
    return true;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return false;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path || existsSync(above)) throw cause;
    await makeFolder(above);
    await mkdir(path, privateFolderMode);
    return true;
  }
}

/** Makes it if it is not there. One that is there is closed to others as well, whoever made it, in whatever way. */
export async function makePrivateFolder(path: string): Promise<void> {
  await makeFolder(path);
  await chmod(path, privateFolderMode);
}

/** Closes a folder of ours to others, if its owner asks. Never rejects: whoever may read another's run may make its reports again. */
export async function closeFolder(path: string): Promise<void> {
  await chmod(path, privateFolderMode).catch(() => undefined);
}

/**
 * Makes a folder that a caller chose. One that is there is closed to others only if everything in it is `ours`: it could be the caller's home, or /tmp.
 * Throws what the file system says.
 */
export async function makeChosenFolder(path: string, ours: (name: string) => boolean): Promise<void> {
  const isOurs = (await makeFolder(path)) || (await readdir(path)).every(ours);
  const { uid } = await lstat(path);
  if (isOurs && (process.getuid === undefined || uid === process.getuid())) await chmod(path, privateFolderMode);
}
