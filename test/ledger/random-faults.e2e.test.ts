import { describe, expect, test } from 'vitest';
import { expectRuns, type Seen } from './random-faults.ts';

/** A larger number for a night: `LOADLINE_LEDGER_RUNS=10000 npx vitest run --project e2e test/ledger/random`, half an hour; `LOADLINE_LEDGER_FIRST` is the first seed (.github/workflows/nightly-ledger.yml). */
const runs = Number(process.env.LOADLINE_LEDGER_RUNS ?? 200);
const runsPerTest = 25;
const first = Number(process.env.LOADLINE_LEDGER_FIRST ?? 1_000);
const seen: Seen = { faults: new Set(), outcomes: new Set() };

describe.each(Array.from({ length: Math.ceil(runs / runsPerTest) }, (_, n) => first + n * runsPerTest))(
  'from seed %d',
  (from) => {
    test(`${runsPerTest} random combinations of faults: every event and publish as an outsider saw it`, async () => {
      const { faults, outcomes } = await expectRuns(from, Math.min(runsPerTest, first + runs - from));
      for (const fault of faults) seen.faults.add(fault);
      for (const outcome of outcomes) seen.outcomes.add(outcome);
    });
  },
);

test('every kind of fault was among them, and every outcome', () => {
  expect([...seen.faults].sort()).toEqual([
    'crash',
    'cut',
    'delay',
    'duplicate',
    'gone',
    'keptAfterwards',
    'partial',
    'postRefused',
    'postUnanswered',
    'steal',
    'stray',
    'throttled',
    'unheard',
  ]);
  expect([...seen.outcomes].sort()).toEqual([
    'deadLettered',
    'deliveredToAll',
    'deliveredToSome',
    'inQueue',
    'lost',
    'missed',
    'missedPublish',
    'ownerChanged',
    'ownerOffline',
  ]);
});
