/**
 * Where a history is kept: a folder, or a prefix in S3. A night is one file (an object) under a name of its own, created whole or not at all and never changed: two nights that are written
 * at once cannot overwrite each other, and no lock is left behind by one that was killed.
 */
export interface HistoryStore {
  /** As a user names it, for messages. */
  readonly place: string;
  /** Names of what is there, in no order; empty when there is nothing yet. */
  list(): Promise<string[]>;
  read(name: string): Promise<string>;
  /** Before hours are measured for it: rejects where nothing could be written, as far as that can be told without writing. */
  prepare(): Promise<void>;
  /** Durable when it settles. `taken`: there is one of that name, which stays as it is. */
  create(name: string, text: string): Promise<'written' | 'taken'>;
}

/** The history cannot be read or written. The message is one sentence for the user. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}
