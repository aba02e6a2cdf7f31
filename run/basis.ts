/** What a calculation without load goes by: a profile, a run, or what is assumed of the reference stack. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Coefficients } from '../capacity/demand/coefficients.ts';
import type { Deployment } from '../capacity/headroom/deployment.ts';
import { coefficientsOfProfile } from '../capacity/profile/profile-coefficients.ts';
import { RunFileError } from '../record/json-file.ts';
import { type ProfileRecord, profileFileName, readProfile } from '../record/profile.ts';
import { isRunId } from '../record/run-folder.ts';
import { assumedCoefficients } from '../scenarios/reference/assumed-coefficients.ts';
import { referenceDeployment } from '../scenarios/reference/deployment.ts';
import type { StackSettings } from '../stack/settings.ts';
import { UsageError } from './errors.ts';
import { type LastRun, type NoRun, readLastRun } from './last-run.ts';
import { readGivenProfile } from './request/given-profile.ts';

export type Basis = { coefficients: Coefficients; deployment: Deployment } & (
  | { kind: 'profile'; profile: ProfileRecord }
  | { kind: 'run'; run: LastRun }
  | { kind: 'assumed'; run: NoRun }
);

export interface BasisOptions {
  profile?: string | undefined;
  run?: string | undefined;
}

/**
 * The profile or run that was asked for; else the newest valid run in `runs/`, else the newest profile in `profiles/`, else assumptions about the
 * reference stack. `settings`: of the reference stack, in place of those of its run.
 * @throws UsageError for what cannot be read.
 */
export async function readBasis(
  { profile, run: asked }: BasisOptions,
  { settings, fallback }: { settings: StackSettings | undefined; fallback: StackSettings },
): Promise<Basis> {
  if (profile !== undefined && asked !== undefined)
    throw new UsageError('Either --profile or --run: each says what a unit of load costs.');
  if (profile !== undefined) return ofProfile(await readGivenProfile(profile), settings);
  const run = await readLastRun(asked);
  if (run.runId !== null) {
    const deployment = settings ? referenceDeployment(settings, settings.region) : run.deployment;
    return { kind: 'run', run, coefficients: run.coefficients, deployment };
  }
  const newest = asked === undefined ? await newestProfile('profiles') : null;
  if (newest !== null) return ofProfile(newest, settings);
  const used = settings ?? fallback;
  return {
    kind: 'assumed',
    run,
    coefficients: assumedCoefficients(),
    deployment: referenceDeployment(used, used.region),
  };
}

function ofProfile(profile: ProfileRecord, settings: StackSettings | undefined): Basis {
  const deployment =
    settings && profile.deployment.code ? referenceDeployment(settings, settings.region) : profile.deployment;
  return { kind: 'profile', profile, coefficients: coefficientsOfProfile(profile), deployment };
}

/** The newest one that can be read; null: there is none. */
async function newestProfile(root: string): Promise<ProfileRecord | null> {
  if (!existsSync(root)) return null;
  for (const id of readdirSync(root).filter(isRunId).toSorted().toReversed()) {
    try {
      return await readProfile(join(root, id, profileFileName));
    } catch (cause) {
      // Cut off, changed, or of another version.
      if (!(cause instanceof RunFileError)) throw cause;
    }
  }
  return null;
}
