/** Writes a run's reports: the one place of reports/ that writes files. What they say is decided in document/. */
import { join } from 'node:path';
import { writeJsonFile, writeTextFile } from '../record/json-file.ts';
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
  const document = runDocument(report);
  await writeJsonFile(join(runFolder, runFileNames.reportJson), report);
  await writeTextFile(join(runFolder, runFileNames.reportMarkdown), renderMarkdown(document));
  await writeTextFile(
    join(runFolder, runFileNames.reportHtml),
    renderHtml(document, run && (await liveRun(run, report))),
  );
  const timeline = renderTimelineCsv(report.timeline, report.latencyOverTime);
  await writeTextFile(join(runFolder, runFileNames.timeline), timeline);
  await writeTextFile(join(runFolder, runFileNames.junit), renderJunit(suiteOf(report)));
  if (observation !== null) await writeJsonFile(join(runFolder, runFileNames.events), eventsFileOf(observation));
}
