/** client.ndjson → the client's measurements, and what is wrong with its lines. */
import { basename } from 'node:path';
import { addLine, type FleetEnd, noLines } from '../engine/src/sealed-line.ts';
import { type ClientLine, parseClientLine } from '../record/client-line.ts';
import type { Damage } from '../record/damage.ts';
import { RunFileError } from '../record/json-file.ts';
import { linesOf } from '../record/lines.ts';
import { type ClientMeasurements, MeasurementMerge } from './measurements.ts';

export interface ClientRecords {
  /** Of the lines that are as they were written; null when there is none. */
  measurements: ClientMeasurements | null;
  /** At most {@link maxDamage}, in the order of the lines. */
  damage: Damage[];
}

/** Beyond this, more of the same says no more. */
const maxDamage = 100;

/**
 * Reads all lines, merges the fleets, and checks each line's seal, its place and its fleet's totals. `run`: the id that the lines must name.
 * Throws a RunFileError when the file is missing or of another version.
 */
export async function inspectClientRecords(path: string, { run }: { run?: string } = {}): Promise<ClientRecords> {
  const file = basename(path);
  const merge = new MeasurementMerge();
  const fleets = new Map<string, FleetLines>();
  const damage: Damage[] = [];
  let unreadableLines = 0;
  /** Lines that were changed, and so are missing in their place: told once. */
  let changed = 0;
  const note = (found: Damage[]) => damage.push(...found.slice(0, maxDamage - damage.length));
  for await (const { text, number, isEnded } of linesOf(path)) {
    const line = parseClientLine(text, path);
    if (line === undefined) {
      unreadableLines++;
      changed++;
      note([isEnded ? { kind: 'changed', file, line: number } : { kind: 'cut', file, line: number }]);
      continue;
    }
    if (run !== undefined && line.run !== run) note([{ kind: 'foreign', file, line: number, run: line.run }]);
    const of = fleets.get(line.fleet) ?? new FleetLines();
    fleets.set(line.fleet, of);
    const found = of.add(line).filter((each) => {
      if (each.kind !== 'linesMissing' || each.count > changed) return true;
      changed -= each.count;
      return false;
    });
    note(found.map((each) => ({ ...each, file, line: number, fleet: line.fleet })));
    merge.add(line);
  }
  return { measurements: merge.finish(unreadableLines) ?? null, damage };
}

/**
 * The measurements alone. Lines that cannot be read are counted, not fatal: a run may be cut off in the middle of one.
 * Throws a RunFileError when the file is missing, of another version, or has no readable line.
 */
export async function readClientRecords(path: string): Promise<ClientMeasurements> {
  const { measurements, damage } = await inspectClientRecords(path);
  if (measurements !== null) return measurements;
  throw new RunFileError(
    `${path} holds no readable measurement (${damage.length} unreadable lines): the load never began, or another program wrote it.`,
  );
}

type Found = { kind: 'linesMissing'; count: number } | { kind: 'lineRepeated' | 'lineMoved' | 'totals' };

/** The lines of one fleet, in the order in which they stand. */
class FleetLines {
  #next = 0;
  readonly #missing = new Set<number>();
  #end: FleetEnd = noLines;

  add(line: ClientLine): Found[] {
    const { seq, end } = line;
    this.#end = addLine(this.#end, line);
    if (seq < this.#next) return [{ kind: this.#missing.delete(seq) ? 'lineMoved' : 'lineRepeated' }];
    const found: Found[] = seq > this.#next ? [{ kind: 'linesMissing', count: seq - this.#next }] : [];
    for (let skipped = this.#next; skipped < seq && this.#missing.size < maxDamage; skipped++)
      this.#missing.add(skipped);
    this.#next = seq + 1;
    // Lines that are missing or too many have been named already.
    const agrees =
      end === undefined ||
      end.lines !== this.#end.lines ||
      (end.counted === this.#end.counted && end.values === this.#end.values);
    return agrees ? found : [...found, { kind: 'totals' }];
  }
}
