/** The profile that an option names, and whether it is of the stack that is loaded. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunFileError } from '../../record/json-file.ts';
import { type ProfileRecord, profileFileName, readProfile } from '../../record/profile.ts';
import type { StackSettings } from '../../stack/settings/settings.ts';
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

/** Whether a target is the reference stack, whose settings say what it is. */
export const isReference = ({ kind }: TargetChoice): boolean => kind === 'local' || kind === 'given';

/** @throws UsageError for a profile of another stack: its costs would be somebody else's. */
export function checkProfile(
  profile: ProfileRecord,
  target: TargetChoice,
  { compute }: Pick<StackSettings, 'compute'>,
): void {
  const inside = target.kind === 'endpoint' ? target.description.inside : null;
  const { stackName, functions } = profile.graph;
  if (target.kind === 'endpoint' && inside !== null) {
    const missing = inside.graph.functions.find(({ id }) => !functions.some((each) => each.id === id));
    if (missing !== undefined)
      throw new UsageError(
        `--profile is of the stack ${stackName}, which has no function ${missing.id}: measure a profile of ${inside.graph.stackName}.`,
      );
  }
  if (!isReference(target)) return;
  const isOfTasks = profile.deployment.service !== undefined;
  if (isOfTasks !== (compute === 'server'))
    throw new UsageError(
      `--profile is of ${isOfTasks ? 'a service of tasks' : 'functions'}, and the settings are of ${isOfTasks ? 'functions' : 'a service of tasks'} (compute: ${compute}): name a profile of the same, or leave it out.`,
    );
  if (!isOfTasks && profile.deployment.code === undefined)
    throw new UsageError(
      `--profile is of the stack ${stackName}, and the target is the reference stack: name that stack as the target, or another profile.`,
    );
}
