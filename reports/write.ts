/** Makes a run's reports from its folder: the one place of reports/ that reads and writes files. What they say is decided in document/. */
import { join } from 'node:path';
import { writeJsonFile, writeTextFile } from '../record/json-file.ts';
import { readObservation } from '../record/observation-file.ts';
import { readRun, runFileNames } from '../record/run-folder.ts';
import { suiteOf } from './document/checks.ts';
import { runDocument } from './document/run-document.ts';
import { renderHtml } from './render/html.ts';
import { renderJunit } from './render/junit.ts';
import { renderMarkdown } from './render/markdown.ts';
import { buildReport, type Report } from './report.ts';

/**
 * Reads run.json and observation.json, writes report.json, report.md, report.html and junit.xml, each whole or not at all. May be repeated at any time:
 * the same files give the same reports. Without observation.json the report is partial. Throws a RunFileError that names the file.
 */
export async function writeReports(runFolder: string): Promise<Report> {
  const run = await readRun(runFolder);
  const report = buildReport(run, await readObservation(runFolder));
  const document = runDocument(report);
  await writeJsonFile(join(runFolder, runFileNames.reportJson), report);
  await writeTextFile(join(runFolder, runFileNames.reportMarkdown), renderMarkdown(document));
  await writeTextFile(join(runFolder, runFileNames.reportHtml), renderHtml(document));
  await writeTextFile(join(runFolder, runFileNames.junit), renderJunit(suiteOf(report)));
  return report;
}
