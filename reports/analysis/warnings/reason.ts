/** Something that a reader must know, and what to do about it. */
import { count } from '../numbers.ts';

export interface Reason {
  /** Stable, for programs. */
  code: string;
  sentence: string;
  next: string;
  /** The quota that it is about, as in the headroom table. */
  quotaId?: string;
}

/** A reason, or none. */
export const reasonIf = (condition: boolean, code: string, sentence: string, next: string): Reason[] =>
  condition ? [{ code, sentence, next }] : [];

/** At most six names. */
export const listed = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${count(names.length - 6)} more` : names.join(', ');
