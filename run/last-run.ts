/** What a run measured, for calculations without load: its coefficients, its settings, and where they come from. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Coefficients } from '../capacity/demand/coefficients.ts';
import type { Deployment } from '../capacity/headroom/quota.ts';
import { RunFileError, readJsonFile } from '../record/json-file.ts';
import { readRun, runFileNames } from '../record/run-folder.ts';
import { deploymentOf } from '../reports/recorded.ts';
import { recordedReportSchema } from '../reports/recorded-coefficients.ts';
import { UsageError } from './errors.ts';

export interface LastRun {
  runId: string;
  coefficients: Coefficients;
  /** The stack's settings, as they were deployed. */
  deployment: Deployment;
  /** False: it was interrupted or crashed, and its coefficients are of what it measured until then. */
  completed: boolean;
}

/**
 * Reads a run folder; `null` when `folder` was not asked for and is not there. Throws a UsageError when it has no coefficients or
 * cannot be read.
 */
export async function readLastRun(folder: string, asked: boolean): Promise<LastRun | null> {
  if (!asked && !existsSync(join(folder, runFileNames.reportJson))) return null;
  try {
    const run = await readRun(folder);
    const { coefficients } = await readJsonFile(join(folder, runFileNames.reportJson), recordedReportSchema);
    if (coefficients === null)
      throw new UsageError(`The run ${folder} measured no coefficients: name a completed run with --run.`);
    return {
      runId: run.runId,
      coefficients,
      deployment: deploymentOf(run),
      completed: run.outcome?.kind === 'completed',
    };
  } catch (cause) {
    if (cause instanceof RunFileError) throw new UsageError(`${cause.message} Name another run with --run.`, { cause });
    throw cause;
  }
}
