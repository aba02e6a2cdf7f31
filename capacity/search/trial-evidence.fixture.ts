import type { TrialEvidence } from './bottleneck.ts';

/** A trial in which nothing was at its limit. */
export const quietEvidence: TrialEvidence = {
  generatorLimited: null,
  broken: [],
  brokenCodes: [],
  refusals: [],
  functions: [],
  queues: [],
  roundTripP99Ms: null,
  machineWaitShare: null,
};
