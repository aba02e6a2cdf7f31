/** A run folder → its report: at the end of the run, and again at any time, whatever is in the folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientMeasurements } from '../metrics/measurements.ts';
import type { Damage, FolderDamage } from '../record/damage.ts';
import { checkDigests, isAsDigested, writeDigests, writeReportDigest } from '../record/digests.ts';
import { RunFileError } from '../record/json-file.ts';
import type { Observation } from '../record/observation.ts';
import { observationText, readObservation, writeObservation } from '../record/observation-file.ts';
import type { RunRecord } from '../record/run.ts';
import { readRun, runFileNames, writeRun } from '../record/run-folder.ts';
import { buildReport, type Report } from '../reports/report.ts';
import { rewriteReports, writeReports } from '../reports/write.ts';
import { DamagedError, messageOf } from './errors.ts';
import { compareWithArtillery } from './load/load.ts';
import { inspectMeasurements, observationFromFiles } from './observation.ts';
import { withDeployment } from './request/deployment.ts';

export interface ConcludedRun {
  report: Report;
  /** run.json as it was left, or as it would have been. */
  run: RunRecord;
}

/**
 * Writes run.json, the reports and the digests of a run that has ended. Never throws: what cannot be written is the run's outcome, unless it was
 * interrupted, and what cannot be read is in the report. `observation`: null when the run did not get that far.
 */
export async function concludeRun(
  folder: string,
  { run, observation: made, say }: { run: RunRecord; observation: Observation | null; say: (line: string) => void },
): Promise<ConcludedRun> {
  const { client, damage, observation } = await readWhatIsThere(folder, { run, made });
  const ofRun = [...damage, ...(await disagreement(folder, run, client))];
  const report = build(run, observation, { ofRun, since: [] });
  try {
    await writeRun(folder, run);
    if (made === null && observation !== null) await writeObservation(folder, observation);
    await writeReports(folder, report, observation, run);
    await writeDigests(folder);
    return { report, run };
  } catch (cause) {
    const reason = messageOf(cause);
    say(reason);
    const ended = run.outcome.kind === 'interrupted' ? run : { ...run, outcome: unwritten(reason) };
    // Whatever still fits: one file may be small enough where another was not.
    await writeRun(folder, ended).catch(() => undefined);
    const told = build(ended, observation, { ofRun, since: [] });
    await rewriteReports(folder, told, observation, ended);
    return { report: told, run: ended };
  }
}

const unwritten = (reason: string): RunRecord['outcome'] => ({ kind: 'crashed', part: 'folder', reason });

/** An error of our own in a report must not take the report: then it is one without numbers. */
function build(run: RunRecord, observation: Observation | null, damage: FolderDamage): Report {
  try {
    return buildReport(withDeployment(run), observation, damage);
  } catch (cause) {
    const outcome = run.outcome.kind === 'completed' ? ownError(cause) : run.outcome;
    return buildReport({ ...run, outcome }, null, damage);
  }
}

const ownError = (cause: unknown): RunRecord['outcome'] => ({
  kind: 'crashed',
  part: 'loadline',
  reason: `the report could not be made: ${messageOf(cause)}`,
});

interface Found {
  client: ClientMeasurements | null;
  damage: Damage[];
  observation: Observation | null;
}

/** What can be read of the client's lines, and the observation that was made or can be. Never throws. */
async function readWhatIsThere(
  folder: string,
  { run, made }: { run: RunRecord; made: Observation | null },
): Promise<Found> {
  try {
    const { measurements: client, damage } = await inspectMeasurements(folder, run.runId);
    const observation = made ?? (await observationFromFiles(folder, { run, client, reason: reasonOf(run) }));
    return { client, damage, observation };
  } catch (cause) {
    const damage: Damage[] = [{ kind: 'unreadable', file: runFileNames.client, reason: messageOf(cause) }];
    return { client: null, damage, observation: made };
  }
}

function reasonOf({ outcome }: RunRecord): string {
  if (outcome.kind === 'crashed') return outcome.reason;
  return outcome.kind === 'interrupted' ? 'the run was interrupted' : 'the run was cut off before it was collected';
}

/** Only of a load that this machine's Artillery completed. */
async function disagreement(folder: string, run: RunRecord, client: ClientMeasurements | null): Promise<Damage[]> {
  const isComparable = run.outcome.kind === 'completed' && run.workers === null && client !== null;
  if (!isComparable || !existsSync(join(folder, runFileNames.artillery))) return [];
  try {
    const found = compareWithArtillery(folder, client.client.totals);
    return found === null ? [] : [found];
  } catch (cause) {
    return [{ kind: 'unreadable', file: runFileNames.artillery, reason: messageOf(cause) }];
  }
}

/**
 * Makes the reports of a run again from its folder. The same files give the same reports; a folder that was damaged since gives one that says what
 * was, and has no numbers.
 * @throws RunFileError when there is no run folder, or one of another version, or it cannot be written; DamagedError when run.json is not readable.
 */
export async function reportAgain(folder: string): Promise<{ report: Report; isDamaged: boolean }> {
  const { report, run, isDamaged, changed, observation, isNew } = await reportOf(folder);
  if (isNew && observation !== null && !isDamaged) await writeObservation(folder, observation);
  await writeReports(folder, report, isDamaged ? null : observation, withDeployment(run));
  if (changed !== null && !isDamaged) await writeReportDigest(folder);
  return { report, isDamaged };
}

/** The same report, and run.json, without writing anything. Throws as {@link reportAgain}, except for what cannot be written. */
export async function readReport(folder: string): Promise<{ report: Report; run: RunRecord; isDamaged: boolean }> {
  const { report, run, isDamaged } = await reportOf(folder);
  return { report, run, isDamaged };
}

async function reportOf(folder: string) {
  const changed = await checkDigests(folder);
  const run = await readRun(folder).catch((cause: unknown) => {
    if (!(cause instanceof RunFileError)) throw cause;
    const isDamaged =
      cause.problem === 'damaged' || changed?.some((each) => 'file' in each && each.file === runFileNames.run);
    throw isDamaged ? new DamagedError(cause.message, { cause }) : cause;
  });
  const { damage, observation, isNew } = await stateOf(folder, run, changed);
  const report = buildReport(withDeployment(run), observation, damage);
  return { report, run, isDamaged: damage.since.length > 0, changed, observation, isNew };
}

interface FolderState {
  damage: FolderDamage;
  observation: Observation | null;
  /** The observation was made now, from the other files. */
  isNew: boolean;
}

/** The folder's damage, and the observation that it has or that can be made. */
async function stateOf(folder: string, run: RunRecord, changed: Damage[] | null): Promise<FolderState> {
  const { client, damage: lines } = await readLines(folder, run, changed);
  const isCut = run.outcome.kind !== 'completed' && lines.length > 0 && lines.every(({ kind }) => kind === 'cut');
  if (changed === null) {
    const gone: Damage = { kind: 'missing', file: runFileNames.digests };
    const since = run.outcome.kind === 'running' ? (isCut ? [] : lines) : [gone, ...lines];
    const observation =
      since.length > 0 ? null : await observationFromFiles(folder, { run, client, reason: reasonOf(run) });
    return { damage: { ofRun: isCut ? lines : [], since }, observation, isNew: true };
  }
  const isClient = (each: Damage) => each.kind === 'changed' && each.file === runFileNames.client;
  const ofRun = changed.some(isClient) && !isCut ? [] : [...lines, ...(await disagreement(folder, run, client))];
  // The lines say where; an interrupted run may have been cut off in one.
  const since = changed.flatMap((each) => (isClient(each) ? (isCut ? [] : lines.length > 0 ? lines : [each]) : [each]));
  const [lost] = since;
  if (since.length === 1 && lost?.kind === 'missing' && lost.file === runFileNames.observation) {
    const observation = await observationFromFiles(folder, { run, client, reason: reasonOf(run) });
    if (observation !== null && (await isAsDigested(folder, runFileNames.observation, observationText(observation))))
      return { damage: { ofRun, since: [] }, observation, isNew: true };
  }
  const observation = since.length > 0 ? null : await readObservation(folder);
  return { damage: { ofRun, since }, observation, isNew: false };
}

/** What cannot be read at all is damage where the digests say so, and otherwise of another version: then throws a RunFileError. */
async function readLines(
  folder: string,
  run: RunRecord,
  changed: Damage[] | null,
): Promise<Pick<Found, 'client' | 'damage'>> {
  try {
    const { measurements: client, damage } = await inspectMeasurements(folder, run.runId);
    return { client, damage };
  } catch (cause) {
    if (cause instanceof RunFileError && cause.problem === 'otherVersion' && !changed?.length) throw cause;
    const known = changed !== null && changed.length > 0;
    const file = run.workers === null ? runFileNames.client : runFileNames.artillery;
    return { client: null, damage: known ? [] : [{ kind: 'unreadable', file, reason: messageOf(cause) }] };
  }
}
