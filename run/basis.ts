/** What a calculation without load goes by: a profile, a run, or what is assumed of the reference stack. */
import type { Coefficients } from '../capacity/demand/coefficients.ts';
import { keepingEvents } from '../capacity/fallback/fallback-costs.ts';
import type { Deployment } from '../capacity/headroom/deployment.ts';
import { coefficientsOfGraph } from '../capacity/profile/graph-coefficients.ts';
import { coefficientsOfProfile, mixOfProfile } from '../capacity/profile/profile-coefficients.ts';
import type { ProfileRecord } from '../record/profile.ts';
import { assumedCoefficients } from '../scenarios/reference/assumed-coefficients.ts';
import { referenceDeployment } from '../scenarios/reference/deployment.ts';
import type { StackSettings } from '../stack/settings/settings.ts';
import { UsageError } from './errors.ts';
import { invalidPhasesOf, newestProfile } from './last-profile.ts';
import { type LastRun, readLastRun, type SkippedRun } from './last-run.ts';
import { readGivenProfile } from './request/given-profile.ts';
import type { PlannedStack } from './target/planned-stack.ts';

interface Calculated {
  coefficients: Coefficients;
  deployment: Deployment;
  /** Of the reference stack, which may be planned for with other ones; empty: not known. Null: it is another stack. */
  settings: Readonly<Record<string, unknown>> | null;
  /** Runs and profiles that are not used although they are newer than what is, newest first. */
  skipped: { runs: readonly SkippedRun[]; profiles: readonly SkippedRun[] };
}
type Measured = Calculated & ({ kind: 'profile'; profile: ProfileRecord } | { kind: 'run'; run: LastRun });
export type Basis = Measured | (Calculated & { kind: 'assumed' });
/** Of a stack of the user's own: where nothing was measured, what its graph says. */
export type StackBasis = Measured | (Calculated & { kind: 'graph' });

export interface BasisOptions {
  profile?: string | undefined;
  run?: string | undefined;
}

const eitherProfileOrRun = 'Either --profile or --run: each says what a unit of load costs.';
const nothingSkipped: Calculated['skipped'] = { runs: [], profiles: [] };

/**
 * The profile or run that was asked for; else the newest valid run in `runs/`, else the newest valid profile in `profiles/`, else assumptions about the
 * reference stack. `settings`: of the reference stack, in place of those of its run.
 * @throws UsageError for what cannot be read.
 */
export async function readBasis(
  { profile, run: asked }: BasisOptions,
  { settings, fallback }: { settings: StackSettings | undefined; fallback: StackSettings },
): Promise<Basis> {
  if (profile !== undefined && asked !== undefined) throw new UsageError(eitherProfileOrRun);
  if (profile !== undefined) {
    const given = await readGivenProfile(profile);
    if (given.deployment.service !== undefined)
      throw new UsageError(
        `--profile ${profile} is of a service of tasks, and says nothing of what a unit of load costs functions: leave it out. \`loadline choose\` takes the newest one in profiles/ for the service.`,
      );
    return { ...ofProfile(given, settings), skipped: nothingSkipped };
  }
  const run = await readLastRun(asked);
  if (run.runId !== null) return { ...ofRun(run, settings), skipped: { runs: run.skipped, profiles: [] } };
  const newest = asked === undefined ? await newestProfile() : noProfile;
  const skipped = { runs: run.skipped, profiles: newest.skipped };
  if (newest.profile !== null) return { ...ofProfile(newest.profile, settings), skipped };
  const used = settings ?? fallback;
  const deployment = referenceDeployment(used, used.region);
  return {
    ...{ kind: 'assumed', coefficients: keepingEvents(assumedCoefficients(), { measured: null, deployment }) },
    ...{ deployment, settings: used, skipped },
  };
}

/**
 * The same for a stack that the options name: its settings are what it is now, and costs are those of the profile or run that was asked for, else of the newest
 * valid profile of it, else of its newest valid run, else what its graph says.
 * @throws UsageError for a profile or a run of another stack.
 */
export async function readBasisOf(stack: PlannedStack, { profile, run: asked }: BasisOptions): Promise<StackBasis> {
  if (profile !== undefined && asked !== undefined) throw new UsageError(eitherProfileOrRun);
  const { deployment, inside } = stack;
  const ofProfiled = (record: ProfileRecord) => ({
    ...({ kind: 'profile', profile: record, settings: null } as const),
    coefficients: coefficientsOfProfile(record, mixOfProfile(record)),
    deployment: record.deployment.code ? { ...deployment, code: record.deployment.code } : deployment,
  });
  if (profile !== undefined) {
    const record = await readGivenProfile(profile);
    checkIsOf(record.deployment, stack, { option: '--profile', of: `the stack ${record.graph.stackName}` });
    return { ...ofProfiled(record), skipped: nothingSkipped };
  }
  const isOfStack = (other: Deployment): boolean => sameness(other, stack).kind === 'same';
  const newest = asked === undefined && inside !== null ? await newestProfile({ isOfStack }) : noProfile;
  if (newest.profile !== null)
    return { ...ofProfiled(newest.profile), skipped: { runs: [], profiles: newest.skipped } };
  const run = await readLastRun(inside === null ? (asked ?? 'none') : asked, { isOfStack });
  const skipped = { runs: run.skipped, profiles: newest.skipped };
  if (run.runId !== null) {
    checkIsOf(run.deployment, stack, { option: `--run ${run.runId}`, of: 'another stack' });
    return { kind: 'run', run, coefficients: run.coefficients, deployment, settings: null, skipped };
  }
  const coefficients = inside === null ? noCoefficients : coefficientsOfGraph(inside.graph, inside.entered);
  return { kind: 'graph', coefficients, deployment, settings: null, skipped };
}

const noProfile: Awaited<ReturnType<typeof newestProfile>> = { profile: null, skipped: [] };

/** Why what is used is not to be relied on: only what was asked for has such a reason. Null: it is, or nothing was measured. */
export function doubtAbout(basis: Basis | StackBasis): Doubt | null {
  switch (basis.kind) {
    case 'run':
      return basis.run.doubt === null ? null : { of: 'run', why: basis.run.doubt };
    case 'profile': {
      const phases = invalidPhasesOf(basis.profile);
      return phases.length === 0 ? null : { of: 'profile', phases };
    }
    default:
      return null;
  }
}
/** `phases`: of a profile, those that were invalid. */
export type Doubt = { of: 'run'; why: NonNullable<LastRun['doubt']> } | { of: 'profile'; phases: readonly string[] };

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

/** Whether a run or profile is of a stack; `unknown`: nothing tells. `missing`: the first of its resources that the other does not have. */
type Sameness = { kind: 'same' | 'unknown' } | { kind: 'other'; missing: string };

/** By functions, queues and tables; of a stack without any by the APIs that load enters, of which a run may have entered one only. */
function sameness(other: Deployment, { deployment, inside }: PlannedStack): Sameness {
  const [ids, known] = [deployment, other].map(({ functions, queues, tables }) =>
    [...functions, ...queues, ...tables].map(({ id }) => id),
  );
  const missing = ids?.find((id) => !known?.includes(id));
  if (missing !== undefined) return { kind: 'other', missing };
  if (inside === null) return { kind: 'unknown' };
  if (ids?.length) return { kind: 'same' };
  const [apis, entered] = [deployment, other].map(({ webSocket, webhook }) =>
    [webSocket, webhook].flatMap((api) => (api === null ? [] : [api.id])),
  );
  const [api] = apis ?? [];
  if (api === undefined) return { kind: 'unknown' };
  return apis?.some((id) => entered?.includes(id)) ? { kind: 'same' } : { kind: 'other', missing: api };
}

/** `option`: what was asked for, and `of`: what it is of. */
function checkIsOf(other: Deployment, stack: PlannedStack, { option, of }: { option: string; of: string }): void {
  const found = sameness(other, stack);
  if (found.kind === 'same') return;
  throw new UsageError(
    found.kind === 'other'
      ? `${option} is of ${of}, which has no ${found.missing}: measure ${stack.shown} with loadline profile, or name another.`
      : `${option} is of a stack, and nothing is known of ${stack.shown} that says whether it is the same one: name the stack with --stack, --template or --app, or leave out ${option.split(' ')[0]}.`,
  );
}

function ofRun(run: LastRun, settings: StackSettings | undefined) {
  const deployment = settings ? referenceDeployment(settings, settings.region) : run.deployment;
  return {
    ...({ kind: 'run', run } as const),
    coefficients: keepingEvents(run.coefficients, { measured: run.deployment, deployment }),
    ...{ deployment, settings: settings ?? run.settings },
  };
}

function ofProfile(profile: ProfileRecord, given: StackSettings | undefined) {
  const { deployment, settings = {} } = profile;
  const isReference = deployment.code !== undefined;
  const planned = given && isReference ? referenceDeployment(given, given.region) : deployment;
  return {
    ...({ kind: 'profile', profile } as const),
    coefficients: keepingEvents(coefficientsOfProfile(profile, mixOfProfile(profile)), {
      measured: deployment,
      deployment: planned,
    }),
    deployment: planned,
    settings: isReference ? (given ?? settings) : null,
  };
}
