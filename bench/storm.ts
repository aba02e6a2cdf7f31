/**
 * One storm, simulated by cohorts and by an event for every attempt of every client, side by side in this process, one after the other:
 * `npm run bench:storm -- 1000000 500`, clients and new connections/s.
 */
import { EventByEventReconnects } from '../capacity/storm/event-by-event.fixture.ts';
import { simulateStorm, simulateStormOf } from '../capacity/storm/simulate.ts';
import type { StormResult, StormSpec } from '../capacity/storm/spec.ts';
import { quick, stormSpec } from '../capacity/storm/storm-spec.fixture.ts';

const [clients = 1_000_000, perSecond = 500] = process.argv.slice(2).map(Number);
const function_ = { ...quick, meanMs: 50, p99Ms: 150 };
const spec: StormSpec = stormSpec({
  clients: {
    count: clients,
    backOff: { jitter: 'full', baseMs: 1_000, capMs: 30_000, maxAttempts: Number.POSITIVE_INFINITY },
    networkMs: 50,
  },
  quotas: { newConnections: { ratePerSecond: perSecond, burst: perSecond } },
  functions: { authorize: function_, connect: function_ },
  rest: { horizonSeconds: 14_400 },
});

interface Row {
  cpuSeconds: number;
  /** Of the process so far: the second row has the larger of both. */
  peakMb: number;
  result: StormResult;
}

function measured(simulate: (spec: StormSpec) => StormResult): Row {
  const before = process.cpuUsage();
  const result = simulate(spec);
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1_024, result };
}

const rows = {
  cohorts: measured(simulateStorm),
  'event by event': measured((of) => simulateStormOf(of, (world, storm) => new EventByEventReconnects(world, storm))),
};
console.table(
  Object.fromEntries(
    Object.entries(rows).map(([name, { cpuSeconds, peakMb, result }]) => [
      name,
      {
        'CPU s': Number(cpuSeconds.toFixed(2)),
        'peak MB': Math.round(peakMb),
        attempts: result.clients?.attempts,
        'recovery p50 s': result.clients?.recovery?.p50Seconds,
        'recovery p99 s': result.clients?.recovery?.p99Seconds,
        'all back s': result.clients?.recoveredAtSeconds.all,
        'most attempts': result.clients?.maxAttemptsOfAClient,
        refused: result.limits[0]?.refusals,
      },
    ]),
  ),
);
console.log(`Ratio of their CPU times: ${(rows['event by event'].cpuSeconds / rows.cohorts.cpuSeconds).toFixed(1)}`);
