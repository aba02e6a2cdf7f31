/** The lines of a history as series: put in order, told apart where they may not be compared, and with what is odd about them. Pure. */
import type { Harm } from '../capacity/change-points/judge.ts';
import type { Line } from './line.ts';

/** One night, or a repeated run, of a series. */
export interface SeriesPoint {
  night: string;
  at: string;
  value: number;
  repeats: readonly number[];
  isRepeat: boolean;
  run: string;
  commit: string | null;
}

/** Kept and drawn, and never judged. */
interface UnjudgedPoint {
  night: string;
  value: number | null;
  /** `duplicate`: the same commit was measured before in the same night. */
  why: { kind: 'invalid'; reason: string } | { kind: 'duplicate' };
  /** Index in `points` of the one that it follows; −1: before the first. */
  after: number;
}

/** Values that may be compared: of one plan, target and, where the machine decides them, machine. */
export interface Series {
  /** Unique in the history. */
  key: string;
  name: string;
  unit: string;
  harm: Harm;
  target: Line['target'];
  plan: string;
  machine: Line['machine'];
  machineBound: boolean;
  statistic: Line['statistic'];
  points: SeriesPoint[];
  unjudged: UnjudgedPoint[];
  /** Sequence of its newest night. */
  newest: number;
  /** Of the newest that has a valid value; 0: none has. */
  newestValid: number;
}

/** What a reader should know about the history itself. */
export type Oddity =
  /** The night was begun after the other, but its clock says that it was before. */
  | { kind: 'clockWentBack'; run: string; at: string; before: string }
  | { kind: 'duplicateNight'; night: string; runs: number }
  /** The same lines are there twice, as when two copies of a history were put together: counted once. */
  | { kind: 'copied'; run: string; lines: number }
  | { kind: 'missingNights'; from: string; to: string; count: number }
  /** From this night on, the entry is another one: a new series begins. */
  | { kind: 'planChanged'; entry: string; night: string }
  | { kind: 'machineChanged'; entry: string; night: string; from: string; to: string }
  /** One series ended, and the same plan went on under another name. */
  | { kind: 'renamed'; from: string; to: string; night: string };

export interface AssembledHistory {
  series: Series[];
  oddities: Oddity[];
}

export function assemble(lines: readonly Line[]): AssembledHistory {
  const { kept, copies } = withoutCopies(lines);
  const ordered = renamed(kept).toSorted(inOrder);
  const byKey = new Map<string, Series>();
  const duplicates = new Map<string, Set<string>>();
  for (const line of ordered) {
    const series = byKey.get(keyOf(line)) ?? newSeries(line);
    byKey.set(series.key, series);
    add(series, line, (night) => duplicates.set(night, (duplicates.get(night) ?? new Set()).add(line.run)));
  }
  const series = [...byKey.values()];
  return {
    series,
    oddities: [
      ...[...copies].map(([run, count]): Oddity => ({ kind: 'copied', run, lines: count })),
      ...clocks(ordered),
      ...[...duplicates].map(([night, runs]): Oddity => ({ kind: 'duplicateNight', night, runs: runs.size + 1 })),
      ...missingNights(ordered),
      ...successions(ordered),
    ],
  };
}

/** Entry of the suite, and metric. */
export const entryOf = (series: string): string => series.split('.')[0] ?? series;

function keyOf({ series, target, plan, machine, machineBound }: Line): string {
  return [series, target, plan, machineBound ? machine.id : 'any'].join('|');
}

function newSeries(line: Line): Series {
  const { series: name, unit, harm, target, plan, machine, machineBound, statistic } = line;
  const empty = { points: [], unjudged: [], newest: 0, newestValid: 0 };
  return { key: keyOf(line), name, unit, harm, target, plan, machine, machineBound, statistic, ...empty };
}

/** By the order in which nights were begun; two that were begun at once, by their clock. */
function inOrder(a: Line, b: Line): number {
  const byRole = (a.role === 'repeat' ? 1 : 0) - (b.role === 'repeat' ? 1 : 0);
  return a.sequence - b.sequence || compare(a.at, b.at) || compare(a.run, b.run) || byRole;
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function add(series: Series, line: Line, onDuplicate: (night: string) => void): void {
  const { night, at, value, repeats, role, run, commit, invalid, sequence } = line;
  series.newest = Math.max(series.newest, sequence);
  const after = series.points.length - 1;
  if (invalid !== null || value === null) {
    const reason = invalid ?? 'it was not measured';
    series.unjudged.push({ night, value, why: { kind: 'invalid', reason }, after });
    return;
  }
  series.newestValid = Math.max(series.newestValid, sequence);
  const isRepeat = role === 'repeat';
  // The first of a night stands: what was said of it must not change because it was measured once more.
  const isDuplicate = series.points.some(
    (point) => point.night === night && point.commit === commit && point.run !== run && !point.isRepeat,
  );
  if (isDuplicate) {
    series.unjudged.push({ night, value, why: { kind: 'duplicate' }, after });
    onDuplicate(night);
    return;
  }
  series.points.push({ night, at, value, repeats, isRepeat, run, commit });
}

function withoutCopies(lines: readonly Line[]): { kept: Line[]; copies: Map<string, number> } {
  const seen = new Set<string>();
  const copies = new Map<string, number>();
  const kept = lines.filter((line) => {
    const key = JSON.stringify(line);
    if (!seen.has(key)) {
      seen.add(key);
      return true;
    }
    copies.set(line.run, (copies.get(line.run) ?? 0) + 1);
    return false;
  });
  return { kept, copies };
}

/** Lines of a former name are those of the present one. */
function renamed(lines: readonly Line[]): Line[] {
  const now = new Map<string, string>();
  for (const { series, formerly = [] } of lines) {
    const entry = entryOf(series);
    for (const former of formerly) if (former !== entry) now.set(former, entry);
  }
  if (now.size === 0) return [...lines];
  return lines.map((line) => {
    let entry = entryOf(line.series);
    const rest = line.series.slice(entry.length);
    // A name after the other; two that name each other end the search.
    for (let step = 0; step < now.size; step++) entry = now.get(entry) ?? entry;
    return { ...line, series: `${entry}${rest}` };
  });
}

/** The nights themselves, in order: one line stands for each. */
function nightsOf(ordered: readonly Line[]): Line[] {
  const seen = new Set<string>();
  return ordered.filter(({ run, role }) => {
    if (role === 'repeat' || seen.has(run)) return false;
    seen.add(run);
    return true;
  });
}

function clocks(ordered: readonly Line[]): Oddity[] {
  const nights = nightsOf(ordered);
  return nights.flatMap(({ run, at, sequence }, index) => {
    const before = nights[index - 1];
    // Two that were begun at once are ordered by their clocks.
    if (before === undefined || before.sequence === sequence || at >= before.at) return [];
    return [{ kind: 'clockWentBack' as const, run, at, before: before.at }];
  });
}

const dayMs = 86_400_000;
const dayOf = (night: string): number => Math.round(Date.parse(night) / dayMs);

function missingNights(ordered: readonly Line[]): Oddity[] {
  const days = [...new Set(ordered.map(({ night }) => night))].toSorted();
  return days.flatMap((night, index) => {
    const before = days[index - 1];
    if (before === undefined) return [];
    const count = dayOf(night) - dayOf(before) - 1;
    return count > 0 ? [{ kind: 'missingNights' as const, from: before, to: night, count }] : [];
  });
}

/** What took the place of what: another plan, another machine, another name. */
function successions(ordered: readonly Line[]): Oddity[] {
  const oddities: Oddity[] = [];
  const last = new Map<string, Line>();
  for (const line of ordered) {
    const entry = entryOf(line.series);
    const before = last.get(entry);
    last.set(entry, line);
    if (before === undefined || before.run === line.run) continue;
    if (before.plan !== line.plan) oddities.push({ kind: 'planChanged', entry, night: line.night });
    else if (before.machine.id !== line.machine.id && line.machineBound)
      oddities.push({
        kind: 'machineChanged',
        entry,
        night: line.night,
        from: before.machine.text,
        to: line.machine.text,
      });
  }
  const first = new Map<string, Line>();
  for (const line of ordered) if (!first.has(entryOf(line.series))) first.set(entryOf(line.series), line);
  for (const [to, begun] of first)
    for (const [from, ended] of last)
      if (from !== to && ended.plan === begun.plan && inOrder(ended, begun) < 0 && ended.run !== begun.run)
        oddities.push({ kind: 'renamed', from, to, night: begun.night });
  return oddities;
}
