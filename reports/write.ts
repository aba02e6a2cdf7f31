/** Makes a run's reports from its folder. Thin: what they say is decided in report.ts. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { observationSchema } from '../metrics/observation.ts';
import { runSchema } from '../metrics/run.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { buildReport, type Report } from './report.ts';

/** A file of the run folder can't be read or written. The message is one sentence for the user. */
export class ReportFileError extends Error {
  override readonly name = 'ReportFileError';
}

/**
 * Reads run.json and observation.json, writes report.json, report.md and report.html, each whole or not at all. May be repeated at any time:
 * the same files give the same reports. Without observation.json the report is partial. Throws a ReportFileError that names the file.
 */
export async function writeReports(runFolder: string): Promise<Report> {
  const run = await readJson(join(runFolder, 'run.json'), runSchema);
  if (run === null)
    throw new ReportFileError(`${join(runFolder, 'run.json')} does not exist: name a run folder, e.g. runs/latest.`);
  const observation = await readJson(join(runFolder, 'observation.json'), observationSchema);
  const report = buildReport(run, observation);
  await replaceFile(join(runFolder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await replaceFile(join(runFolder, 'report.md'), renderMarkdown(report));
  await replaceFile(join(runFolder, 'report.html'), renderHtml(report));
  return report;
}

/** The file's content, validated; null when there is no such file. */
async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    throw new ReportFileError(`${path} could not be read: ${messageOf(cause)}.`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ReportFileError(`${path} is not JSON: it was cut off or edited.`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || 'the file';
  throw new ReportFileError(`${path} has another layout than this version reads: ${field}: ${issue?.message}.`);
}

/** Beside it first, then renamed: a reader sees the old file or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new ReportFileError(`${path} could not be written: ${messageOf(cause)}.`, { cause });
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
