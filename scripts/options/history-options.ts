/** Options that the commands of the history share. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { openStore } from '../../history/history.ts';
import { HistoryError, type HistoryStore } from '../../history/store.ts';
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

/** A place that cannot be read or written is the caller's to change. */
export async function asUsage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof HistoryError ? new UsageError(cause.message, { cause }) : cause;
  }
}
