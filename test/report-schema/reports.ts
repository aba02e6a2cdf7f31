/** What is published as JSON, a type each: the schemas are made of these. */
import type { StormCase } from '../../reports/document/storm/storm-case.ts';
import type { searchNumbers } from '../../run/search/search-report.ts';

export type { PlanReport } from '../../reports/plan-report.ts';
export type { Report } from '../../reports/report.ts';
/** report.json of a search. */
export type SearchReport = ReturnType<typeof searchNumbers>;
/** storm.json, and what `storm --json` prints. */
export interface StormReport {
  kind: 'simulated';
  /** Where the figures come from. */
  notes: string[];
  cases: StormCase[];
}
