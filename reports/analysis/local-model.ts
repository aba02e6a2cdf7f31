/** What of a local target was modelled or broken on purpose, read from the notes that it gives of itself. */

export interface LocalModel {
  /** Name of the latency profile; null when none is named, or when it adds nothing. */
  latencyProfile: string | null;
  /** Names of the faults, in their order. */
  faults: string[];
}

export function localModelOf(notes: readonly string[]): LocalModel {
  const profile = first(notes, /^Latency profile "(.+?)" \(modelled/);
  const faults = notes.flatMap((note) => first([note], /^Fault "(.+?)"/) ?? []);
  return { latencyProfile: profile, faults: [...new Set(faults)] };
}

/** `, latency profile typical (modelled), with faults`, for a title; empty when nothing was added. */
export function describeLocalModel(notes: readonly string[]): string {
  const { latencyProfile, faults } = localModelOf(notes);
  return `${latencyProfile === null ? '' : `, latency profile ${latencyProfile} (modelled)`}${faults.length === 0 ? '' : ', with faults'}`;
}

function first(notes: readonly string[], pattern: RegExp): string | null {
  for (const note of notes) {
    const name = pattern.exec(note)?.[1];
    if (name !== undefined) return name;
  }
  return null;
}
