/** What is wrong with a run folder's files, as data: reports/ makes the sentences. */

/** `file`: its name in the run folder. `line`: from 1; null where the file has no lines of its own, or none can be named. */
export type Damage =
  /** The run left it, or every run does; now it is gone. */
  | { kind: 'missing'; file: string }
  /** The run left none. */
  | { kind: 'unexpected'; file: string }
  /** Not what the run wrote. */
  | { kind: 'changed'; file: string; line: number | null }
  /** The last line, without its end. */
  | { kind: 'cut'; file: string; line: number }
  /** Before this line, so many of the fleet's are missing. */
  | { kind: 'linesMissing'; file: string; line: number; fleet: string; count: number }
  /** The same line as an earlier one, or one that belongs further up. */
  | { kind: 'lineRepeated' | 'lineMoved'; file: string; line: number; fleet: string }
  /** The fleet's lines do not add up to the totals in its last. */
  | { kind: 'totals'; file: string; line: number; fleet: string }
  /** Of another run. */
  | { kind: 'foreign'; file: string; line: number | null; run: string }
  /** Not a file, or one that cannot be read: the reason. */
  | { kind: 'unreadable'; file: string; reason: string }
  /** The client's own count of something, and Artillery's. */
  | { kind: 'disagrees'; counter: string; recorded: number; counted: number };

/** The damage of a run folder. */
export interface FolderDamage {
  /** From the run itself: its report said so from the start. */
  ofRun: Damage[];
  /** From after the run: no number in the folder can be trusted. */
  since: Damage[];
}

export const noDamage: FolderDamage = { ofRun: [], since: [] };
