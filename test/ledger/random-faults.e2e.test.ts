import { describe, test } from 'vitest';
import { expectRuns } from './random-faults.ts';

/** A larger number for a night: `LOADLINE_LEDGER_RUNS=10000 npx vitest run --project e2e test/ledger`. */
const runs = Number(process.env.LOADLINE_LEDGER_RUNS ?? 200);
const runsPerTest = 25;
const first = 1_000;

describe.each(Array.from({ length: Math.ceil(runs / runsPerTest) }, (_, n) => first + n * runsPerTest))(
  'from seed %d',
  (from) => {
    test(`${runsPerTest} random combinations of faults: every event as an outsider saw it`, () =>
      expectRuns(from, Math.min(runsPerTest, first + runs - from)));
  },
);
