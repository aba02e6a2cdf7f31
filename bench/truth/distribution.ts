/** A server that holds back each answer by a known distribution: what it held back by its own clock, and what we say. */
import { quantileOf, valuesMs } from './latencies.ts';
import { runLoadline } from './loadline-fleet.ts';
import { TruthServer } from './truth-server.ts';

export interface DistributionRow {
  quantile: number;
  heldMs: number;
  serviceMs: number;
  latencyMs: number;
}

export async function compareDistribution(load: {
  ratePerSecond: number;
  seconds: number;
}): Promise<DistributionRow[]> {
  const server = await TruthServer.start('lognormal');
  try {
    const records = await runLoadline(
      { webSocketUrl: server.webSocketUrl, webhookUrl: server.httpUrl },
      { steadySeconds: load.seconds, messageRatePerSecond: load.ratePerSecond },
    );
    const { heldMs: held } = await server.answers();
    const service = valuesMs(records, 'serviceMicros');
    const latency = valuesMs(records, 'roundTripMicros');
    return [0.5, 0.75, 0.9, 0.95, 0.99, 0.999].map((quantile) => ({
      quantile,
      heldMs: quantileOf(held, quantile),
      serviceMs: quantileOf(service, quantile),
      latencyMs: quantileOf(latency, quantile),
    }));
  } finally {
    server.stop();
  }
}
