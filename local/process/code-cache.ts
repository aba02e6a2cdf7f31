/**
 * V8's compiled code of what the target's processes and its functions load, kept on disk: types stripped and compiled once, where each cold start of a
 * function would do it again. Source: Node.js, "Module compile cache".
 */
import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Node's variable. A value that it already has is the user's, and stays. */
export const codeCacheVariable = 'NODE_COMPILE_CACHE';
/** Every version of a file adds to it, and nothing takes away: begun anew after this. */
const keptMs = 7 * 86_400_000;

/** The variable with a folder of this user's only; nothing where there can be none. */
export function codeCache(nowMs: number = Date.now()): Record<string, string> {
  const given = process.env[codeCacheVariable];
  if (given !== undefined) return { [codeCacheVariable]: given };
  const folder = join(tmpdir(), `loadline-code-${process.getuid?.() ?? 'user'}`);
  try {
    const kept = lstatSync(folder, { throwIfNoEntry: false });
    if (kept && nowMs - kept.birthtimeMs > keptMs) rmSync(folder, { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const made = lstatSync(folder);
    // Code is loaded from there: nobody else may have made it, or may write into it.
    const isOwn = process.getuid === undefined || (made.uid === process.getuid() && (made.mode & 0o077) === 0);
    return made.isDirectory() && isOwn ? { [codeCacheVariable]: folder } : {};
  } catch {
    return {};
  }
}
