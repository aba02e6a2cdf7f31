/** Another commit of the project, checked out beside it and made ready. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { type Checkout, thisLoadline } from './child-command.ts';
import { git, placeInRepository, resolveCommit } from './repository.ts';
import type { Suite } from './suite.ts';

interface BaseCheckout extends Checkout {
  remove: () => Promise<void>;
}

const npmCi = 'npm ci --no-audit --no-fund --prefer-offline';

/** @throws UsageError when there is no such commit, or it cannot be made ready. */
export async function checkOutBase(
  folder: string,
  { ref, suite, signal, say }: { ref: string; suite: Suite; signal: AbortSignal; say: (line: string) => void },
): Promise<BaseCheckout> {
  const place = placeInRepository(folder);
  if (place === null)
    throw new UsageError(
      `--against ${ref}: ${folder} is not in a git repository, so there is nothing to compare with.`,
    );
  const commit = resolveCommit(folder, ref);
  if (commit === null)
    throw new UsageError(
      `--against ${ref}: there is no such commit here. Name a branch, a tag or a hash; in CI, fetch it first (actions/checkout with fetch-depth: 0).`,
    );
  const top = mkdtempSync(join(tmpdir(), 'loadline-base-'));
  const remove = async () => {
    git(place.top, 'worktree', 'remove', '--force', top);
    await rm(top, { recursive: true, force: true });
    git(place.top, 'worktree', 'prune');
  };
  try {
    if (git(place.top, 'worktree', 'add', '--detach', '--force', top, commit) === null)
      throw new UsageError(`--against ${ref}: git could not check out ${commit} into ${top}.`);
    const base = join(top, place.below);
    if (!existsSync(base)) throw new UsageError(`--against ${ref}: ${commit} has no folder ${place.below}.`);
    const commands = suite.prepare ?? (existsSync(join(base, 'package-lock.json')) ? [npmCi] : []);
    for (const command of commands) {
      say(`Making ${ref} ready: ${command} …`);
      await runShell(command, { folder: base, signal });
    }
    // Loadline's own changes are those of the checkout; anybody else's project is measured by one Loadline on both sides.
    const isOwn = realpathSync(place.top) === realpathSync(thisLoadline);
    return { folder: base, loadline: isOwn ? top : thisLoadline, commit, remove };
  } catch (cause) {
    await remove();
    throw cause;
  }
}

const keptCharacters = 1_000;

async function runShell(command: string, { folder, signal }: { folder: string; signal: AbortSignal }): Promise<void> {
  const child = spawn(command, { cwd: folder, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-keptCharacters);
    });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('close', resolve);
      child.on('error', reject);
    });
    signal.throwIfAborted();
    if (code !== 0)
      throw new UsageError(`The base could not be made ready: "${command}" ended with ${code}: ${said.trim()}`);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
