/** A search's answer from its record: what is printed, and the files beside search.json. */
import { join } from 'node:path';
import type { Bottleneck } from '../../capacity/search/bottleneck.ts';
import { writeJsonFile, writeTextFile } from '../../record/json-file.ts';
import { runFileNames } from '../../record/run-folder.ts';
import { type BottleneckInWords, bottleneckInWords } from '../../reports/analysis/bottleneck.ts';
import { searchDocument } from '../../reports/document/search/search-document.ts';
import type { SearchSummary } from '../../reports/document/search/search-summary.ts';
import { renderHtml } from '../../reports/render/html.ts';
import { renderMarkdown } from '../../reports/render/markdown.ts';
import { recordedBottleneck, type SearchRecord } from './search-folder.ts';
import { unitOf } from './varied-workload.ts';

const searchReportSchemaVersion = 1;

export function summaryOf(record: SearchRecord): SearchSummary {
  const { searchId, loadlineVersion, scenario, startedAt, endedAt } = record;
  const { target, variable, outcome, lower, upper, settings, sustained, trials, workload } = record;
  return {
    target: target.kind,
    unit: unitOf[variable],
    kind: outcome === 'found' ? 'found' : 'interrupted',
    ...{ lower, upper, max: settings.max, sustained },
    bottleneck: recordedBottleneck(record),
    trials: trials.map(({ load, purpose, passed, sentence, folder, latencies = [] }) => ({
      ...{ load, purpose, passed, sentence, folder, latencies },
    })),
    steadySeconds: workload.steadySeconds,
    about: { searchId, loadlineVersion, scenario, startedAt, endedAt },
  };
}

/** report.json of a search. */
export interface SearchReport extends Omit<SearchSummary, 'bottleneck'> {
  schemaVersion: typeof searchReportSchemaVersion;
  bottleneck: (Bottleneck & BottleneckInWords) | null;
  /** Objectives of every trial. */
  slo: SearchRecord['slo'];
  /** Varied by the trials. */
  workload: SearchRecord['workload'];
}

export function searchNumbers(record: SearchRecord): SearchReport {
  const { bottleneck, ...summary } = summaryOf(record);
  return {
    schemaVersion: searchReportSchemaVersion,
    ...summary,
    bottleneck: bottleneck && { ...bottleneck, ...bottleneckInWords(bottleneck, summary.lower > 0) },
    slo: record.slo,
    workload: record.workload,
  };
}

/** Writes report.json, report.md and report.html into the search's folder. Throws a RunFileError. */
export async function writeSearchReports(folder: string, record: SearchRecord): Promise<void> {
  const document = searchDocument(summaryOf(record));
  await writeJsonFile(join(folder, runFileNames.reportJson), searchNumbers(record));
  await writeTextFile(join(folder, runFileNames.reportMarkdown), renderMarkdown(document));
  await writeTextFile(join(folder, runFileNames.reportHtml), renderHtml(document));
}
