/** What a CI system judges: the run's validity, and each objective. */
import { causeOfRow } from '../analysis/judgement/cause-sentences.ts';
import { doubtInWords, sloReasons } from '../analysis/slo.ts';
import type { Report } from '../report.ts';

export interface Check {
  name: string;
  outcome: { kind: 'passed' } | { kind: 'failed' | 'error' | 'skipped'; message: string };
}

export interface Suite {
  title: string;
  /** ISO 8601. */
  startedAt: string;
  elapsedSeconds: number;
  checks: Check[];
}

export function suiteOf(report: Report): Suite {
  const { startedAt, endedAt } = report.run;
  return {
    title: report.title,
    startedAt,
    elapsedSeconds: endedAt === null ? 0 : (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000,
    checks: [validityCheck(report), ...report.slo.map((row) => sloCheck(report, row))],
  };
}

/** Invalid is a failure: CI must see it. Partial is an error: something broke before there was anything to judge. */
function validityCheck({ verdict }: Report): Check {
  const name = 'the run is valid';
  const message = verdict.reasons.map(({ sentence, next }) => `${sentence} ${next}`).join(' ');
  switch (verdict.status) {
    case 'ok':
    case 'sloBroken':
      return { name, outcome: { kind: 'passed' } };
    case 'invalid':
      return { name, outcome: { kind: 'failed', message } };
    case 'partial':
      return { name, outcome: { kind: 'error', message } };
  }
}

/** Inconclusive measurements judge nothing. */
function sloCheck({ verdict }: Report, row: Report['slo'][number]): Check {
  const name = `SLO: ${row.name}`;
  if (verdict.status === 'invalid' || verdict.status === 'partial')
    return { name, outcome: { kind: 'skipped', message: `The run is ${verdict.status}.` } };
  if (row.notJudged?.kind === 'generator')
    return { name, outcome: { kind: 'skipped', message: `It was not judged: ${doubtInWords(row.notJudged)}.` } };
  if (row.kept === null) return { name, outcome: { kind: 'skipped', message: 'It was not measured.' } };
  if (row.kept) return { name, outcome: { kind: 'passed' } };
  const cause = causeOfRow(row, verdict.reasons);
  const message = [...sloReasons([row]), ...(cause ? [cause] : [])].map(({ sentence }) => sentence).join(' ');
  return { name, outcome: { kind: 'failed', message } };
}
