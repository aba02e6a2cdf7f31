/** The newest profile, for calculations without load. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../capacity/headroom/deployment.ts';
import { RunFileError } from '../record/json-file.ts';
import { type ProfileRecord, profileFileName, readProfile } from '../record/profile.ts';
import { isRunId } from '../record/run-folder.ts';
import type { SkippedRun } from './last-run.ts';

/** Kinds of the phases whose runs were invalid: what they measured describes the load generator, or is not all there. */
export const invalidPhasesOf = ({ trials }: Pick<ProfileRecord, 'trials'>): string[] => [
  ...new Set(trials.flatMap(({ kind, status }) => (status === 'invalid' ? [kind] : []))),
];

/**
 * The newest one in `profiles/` whose phases are all valid; null: there is none. `skipped`: newer ones, newest first. `isOfStack`: which stacks' profiles are
 * looked for; default: those without a service of tasks. `isMeant`: which of them.
 */
export async function newestProfile({
  root = 'profiles',
  isOfStack = ({ service }) => service === undefined,
  isMeant = () => true,
}: {
  root?: string;
  isMeant?: (profile: ProfileRecord) => boolean;
  isOfStack?: (deployment: Deployment) => boolean;
} = {}): Promise<{ profile: ProfileRecord | null; skipped: SkippedRun[] }> {
  const skipped: SkippedRun[] = [];
  if (!existsSync(root)) return { profile: null, skipped };
  for (const id of readdirSync(root).filter(isRunId).toSorted().toReversed()) {
    const profile = await readCandidate(join(root, id));
    if (profile === null) skipped.push({ runId: id, why: 'not readable' });
    else if (!isOfStack(profile.deployment) || !isMeant(profile)) continue;
    else if (invalidPhasesOf(profile).length > 0) skipped.push({ runId: id, why: 'invalid' });
    else return { profile, skipped };
  }
  return { profile: null, skipped };
}

/** Null: cut off, changed, still being measured, or of another version. */
async function readCandidate(folder: string): Promise<ProfileRecord | null> {
  try {
    return await readProfile(join(folder, profileFileName));
  } catch (cause) {
    if (cause instanceof RunFileError) return null;
    throw cause;
  }
}
