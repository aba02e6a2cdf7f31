/**
 * A server that delays each answer by a known distribution: the planned delay, the actual one by its own clock, and our measurement. The overhead of a
 * round trip, each side's wake-ups, is known from a server with a constant delay under the same load.
 */
import { quantileOf, valuesMs } from './latencies.ts';
import { runLoadline } from './loadline-fleet.ts';
import { TruthServer } from './truth-server.ts';

export interface DistributionRow {
  quantile: number;
  wantedMs: number;
  heldMs: number;
  serviceMs: number;
  latencyMs: number;
}

interface Load {
  ratePerSecond: number;
  seconds: number;
}

export async function compareDistribution(load: Load): Promise<{ rows: DistributionRow[]; pathMs: number }> {
  // Before and after: the load of a shared machine varies.
  const before = await pathOf(load);
  const rows = await rowsOf(load);
  return { rows, pathMs: (before + (await pathOf(load))) / 2 };
}

/** How much longer the median round trip takes than the server's delay, in milliseconds. */
async function pathOf({ ratePerSecond }: Load): Promise<number> {
  const { service, held } = await run('constant', { ratePerSecond, seconds: 3 });
  return quantileOf(service, 0.5) - quantileOf(held, 0.5);
}

async function rowsOf(load: Load): Promise<DistributionRow[]> {
  const { service, latency, held, wanted } = await run('lognormal', load);
  return [0.5, 0.75, 0.9, 0.95, 0.99, 0.999].map((quantile) => ({
    quantile,
    wantedMs: quantileOf(wanted, quantile),
    heldMs: quantileOf(held, quantile),
    serviceMs: quantileOf(service, quantile),
    latencyMs: quantileOf(latency, quantile),
  }));
}

async function run(answers: 'constant' | 'lognormal', load: Load) {
  const server = await TruthServer.start(answers);
  try {
    const records = await runLoadline(
      { webSocketUrl: server.webSocketUrl, webhookUrl: server.httpUrl },
      { steadySeconds: load.seconds, messageRatePerSecond: load.ratePerSecond },
    );
    const { heldMs, wantedMs } = await server.account();
    return {
      held: Float64Array.from(heldMs).toSorted(),
      wanted: Float64Array.from(wantedMs).toSorted(),
      service: valuesMs(records, 'serviceMicros'),
      latency: valuesMs(records, 'roundTripMicros'),
    };
  } finally {
    server.stop();
  }
}
