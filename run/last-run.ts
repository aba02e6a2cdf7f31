/** What a run measured, for calculations without load: its coefficients, its settings, and where they come from. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Coefficients } from '../capacity/demand/coefficients.ts';
import type { Deployment } from '../capacity/headroom/deployment.ts';
import { checkDigests } from '../record/digests.ts';
import { RunFileError, readJsonFile } from '../record/json-file.ts';
import { isRunId, readRun, runFileNames } from '../record/run-folder.ts';
import { damageSentence } from '../reports/analysis/damage.ts';
import { recordedReportSchema } from '../reports/recorded-report.ts';
import { UsageError } from './errors.ts';
import { withDeployment } from './request/deployment.ts';

export interface LastRun {
  runId: string;
  coefficients: Coefficients;
  /** The stack's settings, as they were deployed. */
  deployment: Deployment;
  /** Of the reference stack, as run.json has them; null: it is another stack. */
  settings: Readonly<Record<string, unknown>> | null;
  /** Why its coefficients are not to be relied on: it is `invalid` or `partial`. Null: they are. Only a run that was asked for has such a reason. */
  doubt: 'invalid' | 'partial' | null;
  /** Newer runs that are not used, newest first. */
  skipped: SkippedRun[];
}

export interface SkippedRun {
  runId: string;
  why: 'invalid' | 'partial' | 'no coefficients' | 'not readable';
}

/** No run is used: coefficients are assumed. */
export interface NoRun {
  runId: null;
  skipped: SkippedRun[];
}

/** In place of a folder: no run. */
const noRun = 'none';

/**
 * The run folder that was asked for, whatever its verdict; where none was, the newest one in `runs/` that is valid and complete; no run for
 * `none`, and where there is no such run. `isOfStack`: which stacks' runs are looked for. Throws a UsageError when the one that was asked for has no coefficients or cannot be read.
 */
export async function readLastRun(
  asked: string | undefined,
  { root = 'runs', isOfStack = () => true }: { root?: string; isOfStack?: (deployment: Deployment) => boolean } = {},
): Promise<LastRun | NoRun> {
  if (asked === noRun) return { runId: null, skipped: [] };
  if (asked !== undefined) return readAskedRun(asked);
  const skipped: SkippedRun[] = [];
  for (const runId of runIdsIn(root)) {
    const read = await readCandidate(join(root, runId));
    const isOther = read.deployment !== undefined && !isOfStack(read.deployment);
    if (isOther) continue;
    if ('why' in read) skipped.push({ runId, why: read.why });
    else return { ...read, skipped };
  }
  return { runId: null, skipped };
}

/** Newest first: a run's id begins with its time. */
function runIdsIn(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root).filter(isRunId).toSorted().toReversed();
}

async function readAskedRun(folder: string): Promise<LastRun> {
  try {
    const run = await readFolder(folder);
    if (run.coefficients === null || run.deployment === undefined)
      throw new UsageError(`The run ${folder} measured no coefficients: name a completed run with --run.`);
    return { ...run, coefficients: run.coefficients, deployment: run.deployment, skipped: [] };
  } catch (cause) {
    if (cause instanceof RunFileError) throw new UsageError(`${cause.message} Name another run with --run.`, { cause });
    throw cause;
  }
}

/** What cannot be used, why: and its stack, as far as that is known. */
type Unused = Pick<SkippedRun, 'why'> & { deployment?: Deployment | undefined };

async function readCandidate(folder: string): Promise<Omit<LastRun, 'skipped'> | Unused> {
  try {
    const run = await readFolder(folder);
    const { coefficients, deployment } = run;
    if (run.doubt !== null) return { why: run.doubt, deployment };
    return coefficients === null || deployment === undefined
      ? { why: 'no coefficients', deployment }
      : { ...run, coefficients, deployment };
  } catch (cause) {
    // Cut off, changed, still running, or of another version.
    if (cause instanceof RunFileError) return { why: 'not readable' };
    throw cause;
  }
}

async function readFolder(folder: string) {
  const [damage] = (await checkDigests(folder, { reports: true })) ?? [];
  if (damage !== undefined)
    throw new RunFileError(
      `${damageSentence(damage)} Restore it, or make its report again with \`loadline report ${folder}\`.`,
    );
  const run = withDeployment(await readRun(folder));
  const { coefficients, verdict } = await readJsonFile(join(folder, runFileNames.reportJson), recordedReportSchema);
  const { status } = verdict;
  const doubt =
    status === 'invalid' || status === 'partial' ? status : run.outcome.kind === 'completed' ? null : 'partial';
  const settings = run.target.resources === null ? null : run.settings;
  return { runId: run.runId, coefficients, deployment: run.deployment, settings, doubt } as const;
}
