/** What a calculation without load goes by: a profile, a run, or what is assumed of the reference stack. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Coefficients } from '../capacity/demand/coefficients.ts';
import type { Deployment } from '../capacity/headroom/deployment.ts';
import { coefficientsOfGraph } from '../capacity/profile/graph-coefficients.ts';
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
import type { PlannedStack } from './target/planned-stack.ts';

interface Calculated {
  coefficients: Coefficients;
  deployment: Deployment;
}
type Measured = Calculated & ({ kind: 'profile'; profile: ProfileRecord } | { kind: 'run'; run: LastRun });
export type Basis = Measured | (Calculated & { kind: 'assumed'; run: NoRun });
/** Of a stack of the user's own: where nothing was measured, what its graph says. */
export type StackBasis = Measured | (Calculated & { kind: 'graph'; run: NoRun });

export interface BasisOptions {
  profile?: string | undefined;
  run?: string | undefined;
}

const eitherProfileOrRun = 'Either --profile or --run: each says what a unit of load costs.';

/**
 * The profile or run that was asked for; else the newest valid run in `runs/`, else the newest profile in `profiles/`, else assumptions about the
 * reference stack. `settings`: of the reference stack, in place of those of its run.
 * @throws UsageError for what cannot be read.
 */
export async function readBasis(
  { profile, run: asked }: BasisOptions,
  { settings, fallback }: { settings: StackSettings | undefined; fallback: StackSettings },
): Promise<Basis> {
  if (profile !== undefined && asked !== undefined) throw new UsageError(eitherProfileOrRun);
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

/**
 * The same for a stack that the options name: its settings are what it is now, and costs are those of the profile or run that was asked for, else of the newest
 * profile of it, else of its newest run, else what its graph says.
 * @throws UsageError for a profile or a run of another stack.
 */
export async function readBasisOf(stack: PlannedStack, { profile, run: asked }: BasisOptions): Promise<StackBasis> {
  if (profile !== undefined && asked !== undefined) throw new UsageError(eitherProfileOrRun);
  const { deployment, inside } = stack;
  const ofProfiled = (record: ProfileRecord): StackBasis => ({
    ...{ kind: 'profile', profile: record, coefficients: coefficientsOfProfile(record) },
    deployment: record.deployment.code ? { ...deployment, code: record.deployment.code } : deployment,
  });
  const isOfStack = (other: Deployment): boolean => missingIn(other, deployment) === null;
  if (profile !== undefined) {
    const record = await readGivenProfile(profile);
    checkIsOf(record.deployment, stack, `--profile is of the stack ${record.graph.stackName}`);
    return ofProfiled(record);
  }
  const newest = asked === undefined && inside !== null ? await newestProfile('profiles', isOfStack) : null;
  if (newest !== null) return ofProfiled(newest);
  const run = await readLastRun(inside === null ? (asked ?? 'none') : asked, { isOfStack });
  if (run.runId !== null) {
    checkIsOf(run.deployment, stack, `--run ${run.runId} is of another stack`);
    return { kind: 'run', run, coefficients: run.coefficients, deployment };
  }
  const coefficients = inside === null ? noCoefficients : coefficientsOfGraph(inside.graph, inside.entered);
  return { kind: 'graph', run: { runId: null, skipped: [] }, coefficients, deployment };
}

/** Of a URL alone. */
const noCoefficients: Coefficients = {
  from: 'assumed',
  callsPerPush: {
    ...{ kind: 'value', value: 1, unit: 'calls/push', method: 'model' },
    basis: 'assumed: one @connections call for each open connection',
  },
  pushBytes: { kind: 'unknown', unit: 'bytes', reason: 'How large a push is was not measured.' },
  ...{ functions: {}, tables: {}, queues: {} },
};

/** The first function, queue or table that a stack has and the other does not; null: the other has all of them. */
function missingIn(other: Deployment, { functions, queues, tables }: Deployment): string | null {
  const known = new Set([...other.functions, ...other.queues, ...other.tables].map(({ id }) => id));
  const ids = [...functions, ...queues, ...tables].map(({ id }) => id);
  // Without any, nothing says that it is the same.
  return ids.length === 0 ? 'nothing that tells it apart' : (ids.find((id) => !known.has(id)) ?? null);
}

function checkIsOf(other: Deployment, { deployment, shown }: PlannedStack, lead: string): void {
  const missing = missingIn(other, deployment);
  if (missing !== null)
    throw new UsageError(`${lead}, which has no ${missing}: measure ${shown} with loadline profile, or name another.`);
}

function ofProfile(profile: ProfileRecord, settings: StackSettings | undefined): Basis {
  const deployment =
    settings && profile.deployment.code ? referenceDeployment(settings, settings.region) : profile.deployment;
  return { kind: 'profile', profile, coefficients: coefficientsOfProfile(profile), deployment };
}

/** The newest one that can be read; null: there is none. */
async function newestProfile(
  root: string,
  isOfStack: (deployment: Deployment) => boolean = () => true,
): Promise<ProfileRecord | null> {
  if (!existsSync(root)) return null;
  for (const id of readdirSync(root).filter(isRunId).toSorted().toReversed()) {
    try {
      const profile = await readProfile(join(root, id, profileFileName));
      if (isOfStack(profile.deployment)) return profile;
    } catch (cause) {
      // Cut off, changed, or of another version.
      if (!(cause instanceof RunFileError)) throw cause;
    }
  }
  return null;
}
