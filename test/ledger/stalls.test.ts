import { expect, test } from 'vitest';
import { seededRandom } from '../../engine/src/core/schedule/random.ts';
import { faultyRun } from './faulty-run.ts';

const seeds = Array.from({ length: 30 }, (_, n) => n + 1);

test('a generator that is stopped, whenever and for however long, makes nothing missed, lost or timed out', async () => {
  for (const seed of seeds) {
    const random = seededRandom(seed);
    // From the ramp (60 ms) over the steady state (2 s) and the drain (up to 3 s for what is delayed) to the closing.
    const fromMs = random() * 6_000;
    const { settled, observation, report } = await faultyRun({
      seed,
      stalls: [{ fromMs, toMs: fromMs + 200 + random() * 12_000 }],
      // Always one post and one ping under way.
      hopMs: 40,
      faults: { delay: 0.5, delaySeconds: 3 },
      load: {
        drainSeconds: 4,
        ...(seed % 2 === 0 && { channels: [{ count: 2, subscribers: 4 }], publishRatePerSecond: 5 }),
      },
    });
    const { missed, lost, unknown, deliveredToSome } = settled.counts;
    const { eventsUnaccepted, webhooksTimedOut, pushesOfUnaccepted, publishesMissed } = observation.client.totals;
    expect(
      {
        missed,
        lost,
        unknown,
        deliveredToSome,
        eventsUnaccepted,
        webhooksTimedOut,
        pushesOfUnaccepted,
        publishesMissed,
      },
      `seed ${seed}`,
    ).toEqual({
      ...{ missed: 0, lost: 0, unknown: 0, deliveredToSome: 0 },
      ...{ eventsUnaccepted: 0, webhooksTimedOut: 0, pushesOfUnaccepted: 0, publishesMissed: 0 },
    });
    // It may be invalid, and never the target's fault.
    expect(report.verdict.status, `seed ${seed}: ${report.verdict.sentence}`).not.toBe('sloBroken');
  }
});
