/** Writes what is made of a history into a folder. */
import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { JudgedHistory } from '../history/judged-history.ts';
import { RunFileError, sentenceOf, writeTextFile } from '../record/json-file.ts';
import { makeFolder } from '../record/private-folder.ts';
import { trendFiles } from '../reports/trend/trend-files.ts';
import type { TrendContext } from '../reports/trend/words.ts';
import { UsageError } from '../run/errors.ts';
import { commitsBetween, repositoryUrl } from '../run/nightly/repository.ts';
import { placeError } from './report-pages.ts';

export function trendContext(folder: string, environment: NodeJS.ProcessEnv, repository?: string): TrendContext {
  const known = new Map<string, ReturnType<TrendContext['commitsBetween']>>();
  return {
    repository: repository ?? repositoryUrl(folder, environment),
    commitsBetween(after, until) {
      const key = `${after} ${until}`;
      const found = known.has(key) ? (known.get(key) ?? null) : commitsBetween(folder, after, until);
      known.set(key, found);
      return found;
    },
  };
}

/** Before hours are measured for it. True: it was made. @throws UsageError when it cannot be made, or written. */
export async function openReportFolder(report: string): Promise<boolean> {
  const folder = resolve(report);
  try {
    const isNew = await makeFolder(folder);
    await access(folder, constants.W_OK);
    return isNew;
  } catch (cause) {
    throw new UsageError(`--report ${folder}: the folder cannot be written: ${sentenceOf(cause)}. Name another.`, {
      cause,
    });
  }
}

/** Returns the names. @throws UsageError when the folder cannot be written. */
export async function writeTrend(
  folder: string,
  { judged, context, now }: { judged: JudgedHistory; context: TrendContext; now: Date },
): Promise<string[]> {
  const files = trendFiles(judged, context, now.toISOString());
  try {
    await makeFolder(folder);
    for (const [name, text] of files) await writeTextFile(join(folder, name), text);
  } catch (cause) {
    const reason = cause instanceof RunFileError ? cause.message : `${folder} could not be written.`;
    throw placeError(`${reason} Name another place with --report.`, cause);
  }
  return [...files.keys()];
}
