/** Random combinations of faults, each by a seed, which a failure names. */
import { expect } from 'vitest';
import type { FleetLoad } from '../../engine/src/core/fleet/fleet-spec.ts';
import { seededRandom } from '../../engine/src/core/schedule/random.ts';
import { type FaultyRun, faultyRun } from './faulty-run.ts';
import type { StackFaults } from './model-stack.ts';

/** Each fault is there in half of the runs. */
function drawn(seed: number): { faults: Partial<StackFaults>; load: Partial<FleetLoad>; closeAllAtMs: number[] } {
  const random = seededRandom(seed);
  const share = (most: number) => (random() < 0.5 ? random() * most : 0);
  const faults = {
    ...{ steal: share(0.15), duplicate: share(0.7), delay: share(0.6), delaySeconds: random() * 8 },
    ...{ gone: share(0.1), throttled: share(0.3), crash: share(0.2), partial: share(0.4), keptAfterwards: share(0.3) },
    ...{ postUnanswered: share(0.1), postRefused: share(0.2), unheard: share(0.1) },
    clockStepSeconds: [0, 0, -4, 4][Math.floor(random() * 4)] ?? 0,
    clockStepAtMs: 500 + random() * 4_000,
    ...{ stray: 0, cut: 0 },
  };
  const load = {
    ...{ replayShare: share(0.6), duplicateShare: share(0.5), offlineShare: share(0.3) },
    tabsPerUser: 1 + Math.floor(random() * 3) / 2,
    drainSeconds: 1 + Math.floor(random() * 4),
    webhookRatePerSecond: 5 + random() * 25,
    webhookAttempts: 1 + Math.floor(random() * 3),
    webhookRetryBaseSeconds: 0.3,
    churnRatePerSecond: share(4),
    reconnectAttempts: random() < 0.7 ? 8 : 0,
    ...(random() < 0.5 && { channels: [{ count: 2, subscribers: 4 }], publishRatePerSecond: 2 + random() * 8 }),
  };
  const closeAllAtMs = random() < 0.3 ? [400 + random() * 2_000] : [];
  faults.stray = random() < 0.3 ? random() * 0.05 : 0;
  faults.cut = random() < 0.3 ? random() * 0.1 : 0;
  return { faults, load, closeAllAtMs };
}

const observedAs = ({ observed }: FaultyRun, outcome: string) =>
  [...observed].flatMap(([id, each]) => (each === outcome ? [id] : [])).sort();

/** Faults that fired, and outcomes that were seen. */
export interface Seen {
  faults: Set<string>;
  outcomes: Set<string>;
}

/** Runs these seeds one after another: for every accepted event the report's outcome is the outsider's, and a run with a loss is never OK. */
export async function expectRuns(first: number, many: number): Promise<Seen> {
  const seen: Seen = { faults: new Set(), outcomes: new Set() };
  for (let seed = first; seed < first + many; seed++) {
    const run = await faultyRun({ seed, ...drawn(seed) });
    const { counts, ids } = run.settled;
    for (const [outcome, reported] of Object.entries(ids))
      expect([...reported].sort(), `seed ${seed}: ${outcome}`).toEqual(observedAs(run, outcome));
    expect(counts.deliveredToAll, `seed ${seed}`).toBe(observedAs(run, 'deliveredToAll').length);
    const { missedPublishes = [] } = run.observation.client;
    const reported = missedPublishes.map(({ id, subscribers }) => [id, subscribers]);
    expect(reported.sort(), `seed ${seed}: publishes`).toEqual([...run.missedPublishes].sort());
    const { misdeliveries = [] } = run.observation.client;
    expect(misdeliveries.map(({ id, to }) => `${id} ${to}`).sort(), `seed ${seed}: strays`).toEqual(
      run.strays.toSorted(),
    );
    const { status, reasons } = run.report.verdict;
    const said = reasons
      .map(({ code }) => code)
      .filter((code) => /^(?:events|publishes)[A-Z]|^misdelivered/.test(code));
    const due = [
      ...(counts.lost > 0 ? ['eventsLost'] : []),
      ...(misdeliveries.length > 0 ? ['misdelivered'] : []),
      ...(counts.missed > 0 ? ['eventsMissed'] : []),
      ...(missedPublishes.length > 0 ? ['publishesMissed'] : []),
    ];
    expect(said, `seed ${seed}`).toEqual(due);
    // Other reasons remain: a post that was still unanswered at the end has no outcome.
    expect(status === 'ok', `seed ${seed}: ${run.report.verdict.sentence}`).toBe(reasons.length === 0);
    for (const fault of Object.keys(run.stack.fired)) seen.faults.add(fault);
    for (const outcome of run.observed.values()) seen.outcomes.add(outcome);
    if (missedPublishes.length > 0) seen.outcomes.add('missedPublish');
  }
  return seen;
}
