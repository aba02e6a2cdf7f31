/** Runs cases against their targets and reports how each ended. */
import type { ConformanceCase } from './conformance-case.ts';
import { type Row, runsOnAws } from './row.ts';
import { Subject } from './subject.ts';
import type { TargetNeed } from './target-need.ts';
import type { StartedTarget, TargetSource } from './targets.ts';
import { within } from './waiting.ts';

export type CaseResult = { row: string } & (
  | { kind: 'passed'; tookMs: number }
  | { kind: 'failed'; tookMs: number; reason: string }
  | { kind: 'notRun'; reason: string }
);

export interface RunOptions {
  rows: readonly Row[];
  cases: readonly ConformanceCase[];
  targets: TargetSource;
  /** Includes slow cases. */
  slow: boolean;
  onResult?: (result: CaseResult) => void;
}

/** Concurrent cases per target: they mostly wait. */
const atOnce = 6;
/** A case that hangs has failed. On AWS metrics alone take minutes. */
const caseLimitMs = { local: 60_000, aws: 900_000 };
const mainNeed: TargetNeed = { variant: 'main' };

export async function runCases(options: RunOptions): Promise<CaseResult[]> {
  const { cases, targets, onResult } = options;
  const rowOf = new Map(options.rows.map((row) => [row.id, row]));
  const results: CaseResult[] = [];
  const report = (result: CaseResult) => {
    results.push(result);
    onResult?.(result);
  };
  const due: ConformanceCase[] = [];
  for (const conformanceCase of cases) {
    const row = rowOf.get(conformanceCase.row);
    if (row === undefined) throw new Error(`A case refers to the row ${conformanceCase.row}, which does not exist.`);
    if (targets.kind === 'aws' && !runsOnAws(row)) {
      const reason = row.check.kind === 'localOnly' ? row.check.why : 'not on AWS';
      report({ row: row.id, kind: 'notRun', reason });
    } else if (targets.kind === 'aws' && conformanceCase.target?.limits !== undefined) {
      report({ row: row.id, kind: 'notRun', reason: "needs limits other than AWS's" });
    } else if (conformanceCase.slow && !options.slow) {
      report({ row: row.id, kind: 'notRun', reason: 'slow: skipped by --fast' });
    } else {
      due.push(conformanceCase);
    }
  }
  for (const [need, group] of groupByNeed(due)) await runGroup(need, group, targets, report);
  return results;
}

function groupByNeed(cases: readonly ConformanceCase[]): [TargetNeed, ConformanceCase[]][] {
  const groups = new Map<string, [TargetNeed, ConformanceCase[]]>();
  for (const conformanceCase of cases) {
    const need = conformanceCase.target ?? mainNeed;
    const key = JSON.stringify([need.variant, need.limits ?? {}]);
    const group = groups.get(key) ?? [need, []];
    group[1].push(conformanceCase);
    groups.set(key, group);
  }
  return [...groups.values()];
}

async function runGroup(
  need: TargetNeed,
  cases: readonly ConformanceCase[],
  targets: TargetSource,
  report: (result: CaseResult) => void,
): Promise<void> {
  let target: StartedTarget;
  try {
    target = await targets.start(need);
  } catch (error) {
    for (const { row } of cases) report({ row, kind: 'failed', tookMs: 0, reason: `no target: ${sentenceOf(error)}` });
    return;
  }
  const subject = new Subject(target.description, targets);
  try {
    const together = cases.filter(({ alone }) => !alone);
    const workers = Array.from({ length: atOnce }, async () => {
      for (let next = together.shift(); next !== undefined; next = together.shift()) {
        report(await runCase(next, subject));
      }
    });
    await Promise.all(workers);
    for (const next of cases.filter(({ alone }) => alone)) report(await runCase(next, subject));
  } finally {
    subject.close();
    await target.stop();
  }
}

async function runCase({ row, check }: ConformanceCase, subject: Subject): Promise<CaseResult> {
  const started = performance.now();
  const tookMs = () => Math.round(performance.now() - started);
  try {
    await within(check(subject), caseLimitMs[subject.description.kind], 'the end of the case');
    return { row, kind: 'passed', tookMs: tookMs() };
  } catch (error) {
    return { row, kind: 'failed', tookMs: tookMs(), reason: sentenceOf(error) };
  }
}

function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 400);
}
