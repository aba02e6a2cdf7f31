/** The profile that an option names, and whether it is of the stack that is loaded. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunFileError } from '../../record/json-file.ts';
import { type ProfileRecord, profileFileName, readProfile } from '../../record/profile.ts';
import { UsageError } from '../errors.ts';
import type { TargetChoice } from '../target/running-target.ts';

/** A profile's folder, or its file. @throws UsageError when it cannot be read. */
export async function readGivenProfile(path: string): Promise<ProfileRecord> {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  try {
    return await readProfile(isFolder ? join(path, profileFileName) : path);
  } catch (cause) {
    if (!(cause instanceof RunFileError)) throw cause;
    throw new UsageError(
      `${cause.message} Name another profile with --profile, or measure one with loadline profile.`,
      {
        cause,
      },
    );
  }
}

/** @throws UsageError for a profile of another stack: its costs would be somebody else's. */
export function checkProfile(profile: ProfileRecord, target: TargetChoice): void {
  const inside = target.kind === 'endpoint' ? target.description.inside : null;
  const { stackName, functions } = profile.graph;
  if (target.kind === 'endpoint' && inside !== null) {
    const missing = inside.graph.functions.find(({ id }) => !functions.some((each) => each.id === id));
    if (missing !== undefined)
      throw new UsageError(
        `--profile is of the stack ${stackName}, which has no function ${missing.id}: measure a profile of ${inside.graph.stackName}.`,
      );
  }
  if ((target.kind === 'local' || target.kind === 'given') && profile.deployment.code === undefined)
    throw new UsageError(
      `--profile is of the stack ${stackName}, and the target is the reference stack: name that stack as the target, or another profile.`,
    );
}
