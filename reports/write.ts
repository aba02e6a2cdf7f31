/** Writes a run's reports: the one place of reports/ that writes files. What they say is decided in document/. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonText, writeTextFile } from '../record/json-file.ts';
import type { Observation } from '../record/observation.ts';
import { closeFolder } from '../record/private-folder.ts';
import type { RunRecord } from '../record/run.ts';
import { runFileNames } from '../record/run-folder.ts';
import { eventsFileOf } from './analysis/events/outcomes.ts';
import { suiteOf } from './document/checks.ts';
import { runDocument } from './document/run-document.ts';
import { renderTimelineCsv } from './render/csv.ts';
import { renderHtml } from './render/html.ts';
import { renderJunit } from './render/junit.ts';
import { renderMarkdown } from './render/markdown.ts';
import type { Report } from './report.ts';
import { liveRun } from './what-if/live-page.ts';

/**
 * Writes report.json, report.md, report.html, junit.xml, timeline.csv and, of a run that has an observation, events.json: each whole or not at all.
 * With the `run`, report.html has a live what-if. Throws a RunFileError that names the file.
 */
export async function writeReports(
  runFolder: string,
  report: Report,
  observation: Observation | null = null,
  run: RunRecord | null = null,
): Promise<void> {
  // One of an earlier version was open to everybody.
  await closeFolder(runFolder);
  for await (const { name, text } of reportFiles(report, observation, run))
    await writeTextFile(join(runFolder, name), text);
}

/**
 * The same where not all of them could be written: first those of before go, which say something else, and then each is written that still fits. Never throws
 * for a place that cannot be written.
 */
export async function rewriteReports(
  runFolder: string,
  report: Report,
  observation: Observation | null,
  run: RunRecord,
): Promise<void> {
  for (const name of reportFileNames) await rm(join(runFolder, name), { force: true }).catch(() => undefined);
  for await (const { name, text } of reportFiles(report, observation, run))
    await writeTextFile(join(runFolder, name), text).catch(() => undefined);
}

const { reportJson, reportMarkdown, reportHtml, timeline, junit, events } = runFileNames;
const reportFileNames = [reportJson, reportMarkdown, reportHtml, timeline, junit, events];

async function* reportFiles(report: Report, observation: Observation | null, run: RunRecord | null) {
  const document = runDocument(report);
  yield { name: reportJson, text: jsonText(report) };
  yield { name: reportMarkdown, text: renderMarkdown(document) };
  yield { name: reportHtml, text: renderHtml(document, run && (await liveRun(run, report))) };
  yield { name: timeline, text: renderTimelineCsv(report.timeline, report.latencyOverTime) };
  yield { name: junit, text: renderJunit(suiteOf(report)) };
  if (observation !== null) yield { name: events, text: jsonText(eventsFileOf(observation)) };
}
