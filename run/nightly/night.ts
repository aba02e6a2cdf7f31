/** A night: the suite is run, its lines are appended, and what looks like a regression is run again. */
import { isSuspicious } from '../../capacity/change-points/judge.ts';
import { appendLines, type History, nextSequence, readHistory } from '../../history/history.ts';
import { type JudgedHistory, judgeHistory } from '../../history/judged-history.ts';
import type { Line } from '../../history/line.ts';
import { entryOf } from '../../history/series.ts';
import { HistoryError, type HistoryStore } from '../../history/store.ts';
import { CrashError, UsageError } from '../errors.ts';
import { loadlineVersion } from '../package-root.ts';
import type { Checkout } from './child-command.ts';
import { thisMachine } from './machine.ts';
import { linesOf, type MeasuredEntry, type NightHead } from './night-lines.ts';
import { measureEntry } from './run-entry.ts';
import { type Entry, fingerprintOf, type Suite } from './suite.ts';

export interface NightRequest {
  suite: Suite;
  checkout: Checkout;
  store: HistoryStore;
  runs: string;
  /** The day that it is filed under, as in 2026-11-26; default: that of `now`, in UTC. */
  night?: string | undefined;
  /** What looks like a regression is run again. */
  confirms: boolean;
  now: () => Date;
  signal: AbortSignal;
  say: (line: string) => void;
  /** Keeps lines that the history did not take; returns where. */
  rescue: (lines: readonly Line[]) => Promise<string>;
  /** Default: runs the entry. */
  measure?: typeof measureEntry;
}

interface Night {
  lines: Line[];
  judged: JudgedHistory;
  history: History;
  /** Entries that were run again. */
  repeated: string[];
  wasInterrupted: boolean;
}

/**
 * What was measured before an interruption is appended as well, or before an entry that cannot be run.
 * @throws HistoryError where the history cannot be read, or written later; CrashError where it could not be written in the end; UsageError for an entry that cannot be run.
 */
export async function runNight(request: NightRequest): Promise<Night> {
  const { suite, store, signal, checkout, confirms, now, say } = request;
  const before = await readHistory(store);
  await store.prepare();
  const begun = now();
  const at = begun.toISOString();
  const head: NightHead = {
    ...{ night: request.night ?? at.slice(0, 10), at, sequence: nextSequence(before) },
    ...{ run: crypto.randomUUID(), commit: checkout.commit, loadline: loadlineVersion, node: process.versions.node },
    machine: thisMachine(),
  };
  const { measured, refused } = await measureAll(suite.entries, request);
  const lines = measured.flatMap((each) => linesOf(head, each));
  await write(lines, request);
  if (refused !== null) throw refused;
  let history: History = { ...before, lines: [...before.lines, ...lines] };
  let judged = judgeHistory(history);
  const repeated = signal.aborted || !confirms ? [] : suspicious(judged, head.run, suite.entries);
  if (repeated.length > 0) {
    say(`Looks like a regression, and is run again: ${repeated.map(({ name }) => name).join(', ')}.`);
    const again = (await measureAll(repeated, request)).measured.flatMap((each) => linesOf(head, each, 'repeat'));
    await write(again, request);
    lines.push(...again);
    history = { ...history, lines: [...history.lines, ...again] };
    judged = judgeHistory(history);
  }
  return { lines, judged, history, repeated: repeated.map(({ name }) => name), wasInterrupted: signal.aborted };
}

/** Hours of measuring are not lost because a place is full, or away. */
async function write(lines: readonly Line[], { store, now, say, rescue }: NightRequest): Promise<void> {
  if (lines.length === 0) return;
  try {
    const name = await appendLines(store, lines, now());
    say(`Written: ${lines.length} series to ${store.place.replace(/\/$/, '')}/${name}.`);
  } catch (cause) {
    if (!(cause instanceof HistoryError)) throw cause;
    const where = await rescue(lines);
    throw new CrashError(`${cause.message} What was measured is in ${where}: copy it into the history.`, { cause });
  }
}

/** Round after round: the repeats of an entry lie apart in time, so that one busy minute does not have all of them. */
async function measureAll(
  entries: readonly Entry[],
  request: NightRequest,
): Promise<{ measured: MeasuredEntry[]; refused: UsageError | null }> {
  const { checkout, runs, signal, say, measure = measureEntry } = request;
  const measured = entries.map((entry) => ({
    entry,
    plan: fingerprintOf(entry, checkout),
    repeats: [] as Awaited<ReturnType<typeof measureEntry>>[],
  }));
  const rounds = Math.max(...entries.map(repeatsOf));
  for (let round = 1; round <= rounds; round++)
    for (const { entry, repeats } of measured) {
      if (signal.aborted || repeatsOf(entry) < round) continue;
      say(`${entry.name}: ${entry.kind}${repeatsOf(entry) > 1 ? `, ${round} of ${repeatsOf(entry)}` : ''} …`);
      const result = await measure(entry, { checkout, runs, signal }).catch(asRefused);
      if (result instanceof UsageError) return { measured: withResults(measured), refused: result };
      if (result.invalid !== null) say(`${entry.name}: not valid. ${result.invalid}`);
      repeats.push(result);
    }
  return { measured: withResults(measured), refused: null };
}

const withResults = (measured: readonly MeasuredEntry[]): MeasuredEntry[] =>
  measured.filter(({ repeats }) => repeats.length > 0);

function asRefused(cause: unknown): UsageError {
  if (cause instanceof UsageError) return cause;
  throw cause;
}

const repeatsOf = (entry: Entry): number => ('repeats' in entry ? entry.repeats : 1);

/** Entries with a series that is, or with one more such value would be, a regression that begins tonight. */
function suspicious({ series, watched }: JudgedHistory, run: string, entries: readonly Entry[]): Entry[] {
  const names = new Set<string>();
  for (const { name, points, harm, changes } of series) {
    if (points.at(-1)?.run !== run) continue;
    const found = changes.some(({ kind, foundAt }) => kind === 'regression' && foundAt === points.length - 1);
    if (found || isSuspicious(points, { harm, watched })) names.add(entryOf(name));
  }
  return entries.filter(({ name }) => names.has(name));
}
