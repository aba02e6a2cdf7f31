/** How a fleet ends. */
export type FleetResult =
  | { kind: 'completed' }
  | { kind: 'aborted' }
  /** It makes no sense to go on; the sentence says what happened and what to look at. */
  | { kind: 'failed'; sentence: string };
