/** Options that the commands of the history share. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type History, openStore, readHistory } from '../../history/history.ts';
import { HistoryError, type HistoryStore } from '../../history/store.ts';
import { skippedWords } from '../../reports/trend/words.ts';
import { UsageError } from '../../run/errors.ts';

export interface HistoryOptions {
  history: string;
}

const defaultHistory = 'nightly/history';

export const addHistoryOption = (command: Command): Command =>
  command.option('--history <place>', 'folder of the history, or s3://bucket/prefix', defaultHistory);

/** @throws UsageError for a place that is none. */
export async function openHistory({ history }: HistoryOptions, environment: NodeJS.ProcessEnv): Promise<HistoryStore> {
  const [, scheme = 's3'] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(history) ?? [];
  if (scheme.toLowerCase() !== 's3')
    throw new UsageError(`--history ${history}: a history is a folder, or a prefix in S3 as in s3://bucket/prefix.`);
  return await asUsage(() => openStore(/^s3:/i.test(history) ? history : resolve(history), environment));
}

/** One that has something in it. @throws UsageError with what could not be read of it, if that is all there is. */
export async function readKnownHistory(store: HistoryStore): Promise<History> {
  const history = await asUsage(() => readHistory(store));
  if (history.lines.length > 0) return history;
  const [first] = history.skipped;
  throw new UsageError(
    first === undefined
      ? `There is no history in ${store.place} yet: run loadline nightly, or name another with --history.`
      : `Nothing of the history in ${store.place} could be read. ${skippedWords(first)} Name another with --history.`,
  );
}

/** A place that cannot be read or written is the caller's to change. */
export async function asUsage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof HistoryError ? new UsageError(cause.message, { cause }) : cause;
  }
}
