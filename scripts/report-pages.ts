/** The files of `--report FOLDER`: page, Markdown and JSON of an answer that has no run folder of its own. */
import { join, resolve } from 'node:path';
import { isOfFullDisk, RunFileError, sentenceOf, writeJsonFile, writeTextFile } from '../record/json-file.ts';
import { makeFolder } from '../record/private-folder.ts';
import type { Document } from '../reports/document/document.ts';
import type { WhatIfPage } from '../reports/what-if/section.ts';
import { CrashError, UsageError } from '../run/errors.ts';

/** A place that could not be written is the caller's to change; a disk that became full is a failure in the middle. */
export const placeError = (message: string, cause: unknown): Error =>
  isOfFullDisk(cause) ? new CrashError(message, { cause }) : new UsageError(message, { cause });

/** Writes `<name>.html`, `.md` and `.json`. @throws UsageError that names the folder, where it cannot be written. */
export async function writeReportPages(
  folder: string,
  {
    name,
    document,
    json,
    whatIf = null,
  }: { name: string; document: Document; json: unknown; whatIf?: WhatIfPage | null },
): Promise<void> {
  // The renderers take longer to load than a plan takes to compute.
  const [{ renderMarkdown }, { renderHtml }] = await Promise.all([
    import('../reports/render/markdown.ts'),
    import('../reports/render/html.ts'),
  ]);
  const to = resolve(folder);
  try {
    await makeFolder(to);
  } catch (cause) {
    throw new UsageError(`--report ${to}: the folder could not be created: ${sentenceOf(cause)}. Name another.`, {
      cause,
    });
  }
  try {
    await writeJsonFile(join(to, `${name}.json`), json);
    await writeTextFile(join(to, `${name}.md`), renderMarkdown(document));
    await writeTextFile(join(to, `${name}.html`), renderHtml(document, whatIf));
  } catch (cause) {
    if (!(cause instanceof RunFileError)) throw cause;
    throw placeError(`${cause.message} Name another place with --report.`, cause);
  }
}
