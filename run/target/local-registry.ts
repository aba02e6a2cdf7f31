/**
 * Which local targets are up on this machine, so that `loadline token` finds the key without options.
 * One file a target, in a folder that only its owner may enter; a file whose process is gone is skipped and removed.
 */
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type TargetDescription, targetSchema } from '../../record/target.ts';
import { UsageError } from '../errors.ts';

const registryFolder = (): string => join(tmpdir(), `loadline-${userInfo().uid}`);
const fileOf = (processId: number): string => join(registryFolder(), `local-${processId}.json`);

/** Notes this process's target. Returns what removes the note again. Throws a UsageError when the folder belongs to another user. */
export function registerLocalTarget(target: TargetDescription): () => void {
  const file = fileOf(process.pid);
  try {
    writeNote(file, target);
  } catch (error) {
    // A target that ended just now has removed the folder, which it found empty: make it again, once.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    writeNote(file, target);
  }
  return () => {
    rmSync(file, { force: true });
    removeIfEmpty(registryFolder());
  };
}

/** Written to a temporary file and renamed: a reader sees the whole note or none. */
function writeNote(file: string, target: TargetDescription): void {
  const folder = registryFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isOwn(folder)) throw new UsageError(`${folder} is accessible to other users: remove it and start again.`);
  writeFileSync(`${file}.new`, JSON.stringify(target), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The folder lies where anyone could create one of its name first. */
function isOwn(folder: string): boolean {
  const { uid, mode } = lstatSync(folder);
  return uid === userInfo().uid && (mode & 0o077) === 0;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another target has its note there.
  }
}

export function findLocalTargets(): TargetDescription[] {
  const folder = registryFolder();
  let names: string[];
  try {
    if (!isOwn(folder)) return [];
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const processId = Number(/^local-(\d+)\.json$/.exec(name)?.[1]);
    if (!processId) return [];
    if (isAlive(processId)) return readNote(fileOf(processId));
    rmSync(fileOf(processId), { force: true });
    return [];
  });
}

/** None when it was removed just now. */
function readNote(file: string): TargetDescription[] {
  try {
    return [targetSchema.parse(JSON.parse(readFileSync(file, 'utf8')))];
  } catch {
    return [];
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
