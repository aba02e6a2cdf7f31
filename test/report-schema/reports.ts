/** What is published as JSON, a type each: the schemas are made of these. */
import type { StormCase } from '../../reports/document/storm/storm-case.ts';

export type { ChooseReport } from '../../reports/choose/choose-report.ts';
export type { CompareReport } from '../../reports/document/compare-document.ts';
export type { PlanReport } from '../../reports/plan-report.ts';
export type { Report } from '../../reports/report.ts';
export type { SearchReport } from '../../run/search/search-report.ts';
/** storm.json, and what `storm --json` prints. */
export interface StormReport {
  kind: 'simulated';
  /** Where the figures come from. */
  notes: string[];
  cases: StormCase[];
}
