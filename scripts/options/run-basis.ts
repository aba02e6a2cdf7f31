/** `--run` of the commands that calculate, and what they say about the run that they use. */
import { Option } from 'commander';
import type { LastRun, NoRun, SkippedRun } from '../../run/last-run.ts';

export const runOption = (what: string): Option =>
  new Option(
    '--run <folder>',
    `run whose ${what} are used, or none for assumed ones; default: the newest valid run in runs/, otherwise assumed ones`,
  );

export const profileOption = new Option(
  '--profile <folder>',
  'profile of the stack (loadline profile) whose costs are used, in place of a run; default: the newest one in profiles/ where there is no valid run',
);

const reasons: Record<SkippedRun['why'], string> = {
  invalid: 'invalid',
  partial: 'partial',
  'no coefficients': 'without coefficients',
  'not readable': 'cut off, or of another version',
};

/** Shown runs: the newest few stand for the rest. */
const shownRuns = 3;

/** Newer runs that are not used, and doubts about the one that is: sentences, none when there is nothing to say. */
export function doubtsOf(run: LastRun | NoRun): string[] {
  const shown = run.skipped.slice(0, shownRuns).map(({ runId, why }) => `${runId} is ${reasons[why]}`);
  const more = run.skipped.length > shownRuns ? `, and ${run.skipped.length - shownRuns} more` : '';
  const skipped =
    shown.length === 0
      ? []
      : [`${run.runId === null ? 'Runs' : 'Newer runs'} that are not used: ${shown.join(', ')}${more}.`];
  const doubt = doubtOf(run);
  return [...(doubt === null ? [] : [doubt]), ...skipped];
}

/** Why the run that was asked for is not to be relied on; null: it is, or there is none. */
export const doubtOf = (run: LastRun | NoRun): string | null =>
  run.runId === null || run.doubt === null
    ? null
    : `That run is ${run.doubt}, so its coefficients may be wrong: use a valid one, or --run none.`;
