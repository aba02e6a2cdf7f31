/** How the limit of a quota is moved. */

/**
 * What takes the place of a limit that nothing raises, or of the load on it.
 * `coalesce`: what is pushed within a moment goes out as one; `shard`: over several accounts, Regions, queues or tables; `spread`: the load comes over a
 * longer time; `reference`: the content goes another way (S3), and only a reference this one; `archive`: what waits longer is kept elsewhere; `answerFirst`: the work goes behind a queue;
 * `splitFanOut`: many invocations push instead of one; `splitKey`: the rows of one key get several; `splitRow`: several rows instead of one;
 * `smallerToken`: a ticket in place of claims; `smallerBatches`; `shorterDuration`: of functions; `pooledConnections`: a proxy lends connections for a transaction each; the others are services.
 */
export type Design =
  | 'coalesce'
  | 'shard'
  | 'spread'
  | 'reference'
  | 'archive'
  | 'answerFirst'
  | 'splitFanOut'
  | 'splitKey'
  | 'splitRow'
  | 'smallerToken'
  | 'smallerBatches'
  | 'shorterDuration'
  | 'pooledConnections'
  | 'managedInstances'
  | 'appSyncEvents'
  | 'iotCore'
  | 'ownServer';

export type Remedy =
  /**
   * AWS raises it on request: by this Service Quotas code, or by a support case (null). A law's limit is `perUnit` times the quota of
   * another code. `timesDefault`: how far a raise is worth asking for; AWS documents no maximum, so it is an assumption.
   */
  | { kind: 'raise'; code: string | null; perUnit: number; timesDefault: number }
  /** A setting of AWS's resource, by AWS's own name; `most`: the largest value it takes, null: as much as other quotas allow. */
  | { kind: 'set'; setting: string; most: number | null }
  | { kind: 'redesign'; designs: readonly Design[] };

/** In the order in which they are tried: the last one is always a redesign. */
export type Remedies = readonly [...Remedy[], Extract<Remedy, { kind: 'redesign' }>];

const redesign = (...designs: readonly Design[]) => ({ kind: 'redesign', designs }) as const;

/** Ten times the default: AWS documents no maximum. An assumption. */
const usualRaise = 10;

/** Raised by its own code. */
export const raisable = <Code extends string>(code: Code, timesDefault: number = usualRaise, ...designs: Design[]) => ({
  code,
  adjustable: 'yes' as const,
  remedies: [{ kind: 'raise', code, perUnit: 1, timesDefault }, redesign(...designs)] satisfies Remedies,
});

/** By a support case: Service Quotas does not have it. */
export const raisedBySupport = (...designs: Design[]) => ({
  adjustable: 'no' as const,
  remedies: [
    { kind: 'raise', code: null, perUnit: 1, timesDefault: usualRaise },
    redesign(...designs),
  ] satisfies Remedies,
});

/** A law: `perUnit` of it for each unit of the quota with that code. */
export const following = (law: { code: string; perUnit: number; timesDefault: number }, ...designs: Design[]) => ({
  adjustable: 'no' as const,
  remedies: [{ kind: 'raise', ...law }, redesign(...designs)] satisfies Remedies,
});

export const settable = (setting: string, most: number | null, ...designs: Design[]) => ({
  adjustable: 'setting' as const,
  remedies: [{ kind: 'set', setting, most }, redesign(...designs)] satisfies Remedies,
});

/** AWS does not move it: a setting of something else may keep the load below it, or only another design does. */
export const fixed = (...designs: Design[]) => ({
  adjustable: 'no' as const,
  remedies: [redesign(...designs)] satisfies Remedies,
});

export const keptBelowBy = (setting: string, most: number | null, ...designs: Design[]) => ({
  adjustable: 'no' as const,
  remedies: [{ kind: 'set', setting, most }, redesign(...designs)] satisfies Remedies,
});
