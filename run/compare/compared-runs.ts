/** The runs of a side of a comparison: a run folder, a folder of run folders, or a pattern of either. */
import { globSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { RunFileError } from '../../record/json-file.ts';
import type { RunRecord } from '../../record/run.ts';
import { isRunId } from '../../record/run-folder.ts';
import type { Report } from '../../reports/report.ts';
import { DamagedError, UsageError } from '../errors.ts';
import { readReport } from '../folder-report.ts';

interface ComparedRun {
  folder: string;
  run: RunRecord;
  report: Report;
}

export interface Side {
  name: string;
  /** Oldest first. */
  runs: ComparedRun[];
  /** Of its folder or pattern, and why not. */
  leftOut: { folder: string; why: string }[];
}

/**
 * `before=runs/2026*` is a side with a name of its own; without one it has that of its folder or pattern.
 * @throws UsageError when there is no run that can be compared, or the one that was named cannot.
 */
export async function readSide(given: string): Promise<Side> {
  const [, named, text = given] = /^([\w][\w .-]*)=(.+)$/s.exec(given) ?? [];
  const folders = foldersOf(text);
  const side: Side = { name: named ?? nameOf(text), runs: [], leftOut: [] };
  for (const folder of folders) {
    const read = await readRun(folder);
    if ('why' in read) side.leftOut.push({ folder, why: read.why });
    else side.runs.push(read);
  }
  if (side.runs.length === 0) {
    const [first] = side.leftOut;
    if (first === undefined)
      throw new UsageError(
        `${text}: there is no run there. Name a run folder, a folder of run folders such as runs, or a pattern in quotes such as 'runs/20261126*'.`,
      );
    const others = side.leftOut.length > 1 ? `, nor can the ${side.leftOut.length - 1} others` : '';
    throw new UsageError(
      `The run ${first.folder} cannot be compared${others}: it ${first.why}. Name runs that were valid to their end.`,
    );
  }
  return side;
}

const nameOf = (text: string): string => basename(resolve(text)).slice(0, 60);

function foldersOf(text: string): string[] {
  const matched = /[*?[\]{}]/.test(text) && !exists(text) ? globSync(text).toSorted() : [text];
  // A run counts once, by whatever names a pattern finds it: `latest` links to one of them.
  const once = new Map<string, string>();
  for (const folder of matched.flatMap(runFoldersIn)) {
    const real = realpathSync(folder);
    if (!once.has(real)) once.set(real, folder);
  }
  return [...once.values()];
}

/** A folder with run.json is a run; any other is asked for those in it. */
function runFoldersIn(path: string): string[] {
  if (exists(join(path, 'run.json'))) return [path];
  if (!isFolder(path)) return [];
  return readdirSync(path)
    .filter(isRunId)
    .toSorted()
    .map((name) => join(path, name))
    .filter((folder) => exists(join(folder, 'run.json')));
}

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

async function readRun(folder: string): Promise<ComparedRun | { why: string }> {
  try {
    const { report, run, isDamaged } = await readReport(folder);
    if (isDamaged) return { why: 'was changed since' };
    if (run.outcome.kind !== 'completed') return { why: `is partial (${run.outcome.kind})` };
    const { status } = report.verdict;
    if (status === 'invalid' || status === 'partial')
      return {
        why: `is ${status}: ${report.verdict.reasons[0]?.sentence ?? 'no reason is recorded'}`.replace(/\.$/, ''),
      };
    return { folder, run, report };
  } catch (cause) {
    if (cause instanceof RunFileError || cause instanceof DamagedError)
      return { why: `cannot be read: ${cause.message.replace(/\.$/, '')}` };
    throw cause;
  }
}
