/**
 * Which local targets are up on this machine, so that `loadline token` finds the key without being told.
 * One file a target, readable by its owner only; a file whose process is gone is skipped and removed.
 */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type TargetDescription, targetSchema } from '../stack/target.ts';

const registryFolder = (): string => join(tmpdir(), `loadline-${userInfo().uid}`);
const fileOf = (processId: number): string => join(registryFolder(), `local-${processId}.json`);

/** Notes this process's target. Returns what removes the note again. */
export function registerLocalTarget(target: TargetDescription): () => void {
  mkdirSync(registryFolder(), { recursive: true, mode: 0o700 });
  const file = fileOf(process.pid);
  writeFileSync(file, JSON.stringify(target), { mode: 0o600 });
  return () => {
    rmSync(file, { force: true });
    removeIfEmpty(registryFolder());
  };
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another target has its note there.
  }
}

export function findLocalTargets(): TargetDescription[] {
  let names: string[];
  try {
    names = readdirSync(registryFolder());
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const processId = Number(/^local-(\d+)\.json$/.exec(name)?.[1]);
    if (!processId) return [];
    if (!isAlive(processId)) {
      rmSync(fileOf(processId), { force: true });
      return [];
    }
    const parsed = targetSchema.safeParse(JSON.parse(readFileSync(fileOf(processId), 'utf8')));
    return parsed.success ? [parsed.data] : [];
  });
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
