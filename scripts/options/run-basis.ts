/** `--run` of the commands that calculate, and what they say about the run that they use. */
import { Option } from 'commander';
import { type Basis, doubtAbout, type StackBasis } from '../../run/basis.ts';
import type { SkippedRun } from '../../run/last-run.ts';

export const runOption = (what: string): Option =>
  new Option(
    '--run <folder>',
    `run whose ${what} are used, or none for assumed ones; default: the newest valid run in runs/, otherwise assumed ones`,
  );

export const profileOption = new Option(
  '--profile <folder>',
  'profile of the stack (loadline profile) whose costs are used, in place of a run; default: the newest valid one in profiles/ where there is no valid run',
);

const reasons: Record<SkippedRun['why'], string> = {
  invalid: 'invalid',
  partial: 'partial',
  'no coefficients': 'without coefficients',
  'not readable': 'cut off, or of another version',
};

/** Shown runs: the newest few stand for the rest. */
const shownRuns = 3;

/** Doubts about what is used, and newer runs and profiles that are not: sentences, none when there is nothing to say. */
export function doubtsOf(basis: Basis | StackBasis): string[] {
  const { kind, skipped } = basis;
  const doubt = doubtOf(basis);
  return [
    ...(doubt === null ? [] : [doubt]),
    ...skippedSentence(kind === 'run' ? 'Newer runs' : 'Runs', skipped.runs),
    ...skippedSentence(kind === 'profile' ? 'Newer profiles' : 'Profiles', skipped.profiles),
  ];
}

function skippedSentence(which: string, skipped: readonly SkippedRun[]): string[] {
  if (skipped.length === 0) return [];
  const shown = skipped.slice(0, shownRuns).map(({ runId, why }) => `${runId} is ${reasons[why]}`);
  const more = skipped.length > shownRuns ? `, and ${skipped.length - shownRuns} more` : '';
  return [`${which} that are not used: ${shown.join(', ')}${more}.`];
}

/** Why what was asked for is not to be relied on; null: it is, or nothing was measured. */
export function doubtOf(basis: Basis | StackBasis): string | null {
  const doubt = doubtAbout(basis);
  if (doubt === null) return null;
  return doubt.of === 'run'
    ? `That run is ${doubt.why}, so its coefficients may be wrong: use a valid one, or --run none.`
    : `That profile is invalid (its phases of ${doubt.phases.join(', ')}), so its costs may be wrong: use a valid one, or --run none.`;
}
