/** Simulated nightly histories, on a logarithmic scale. Seeded. */
import { normal, seededRandom } from '../../aws/random.ts';

export interface History {
  nights: number;
  /** Standard deviation of a night. */
  deviation: number;
  /** Correlation with the night before: first-order autoregression. */
  correlation: number;
  /** A change by this ratio, from this night on. */
  change?: { ratio: number; at: number };
  seed: number;
}

export function historyOf({ nights, deviation, correlation, change, seed }: History): number[] {
  const random = seededRandom(seed);
  const fresh = Math.sqrt(1 - correlation ** 2);
  let noise = normal(random);
  return Array.from({ length: nights }, (_, night) => {
    noise = correlation * noise + fresh * normal(random);
    return deviation * noise + (change && night >= change.at ? Math.log(change.ratio) : 0);
  });
}
