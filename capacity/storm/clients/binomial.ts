/** How many of n independent trials succeed, drawn exactly, in a time that does not grow with n. */
import type { Random } from '../../../aws/random.ts';

/** Below this mean, counting through the distribution is quicker than rejection, which needs a mean of 10 at least. */
const smallMean = 10;

/** One draw from the binomial distribution of n trials with success probability p: a whole number from 0 to n. */
export function binomial(n: number, p: number, random: Random): number {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial(n, 1 - p, random);
  return n * p < smallMean ? byInversion(n, p, random) : byRejection(n, p, random);
}

/** Adds up probabilities until they exceed one uniform number (Kachitvichyanukul and Schmeiser, CACM 31, 1988: algorithm BINV). */
function byInversion(n: number, p: number, random: Random): number {
  const odds = p / (1 - p);
  let probability = (1 - p) ** n;
  let left = random();
  let successes = 0;
  while (left > probability && successes < n) {
    left -= probability;
    successes += 1;
    probability *= ((n - successes + 1) / successes) * odds;
  }
  return successes;
}

/** Transformed rejection with squeeze (W. Hörmann, "The generation of binomial random variates", J. Stat. Comput. Simul. 46, 1993: BTRS). */
function byRejection(n: number, p: number, random: Random): number {
  const odds = p / (1 - p);
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((n + 1) * p);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > n) continue;
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      (stirlingTail(mode) + stirlingTail(n - mode) - stirlingTail(k) - stirlingTail(n - k));
    if (Math.log((v * alpha) / (a / us ** 2 + b)) <= bound) return k;
  }
}

/** ln k! less Stirling's formula for it, for k = 0 to 9. */
const smallTails = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.0207906721037651, 0.0166446911898211,
  0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287,
];

/** ln k! − [ln √(2π) + (k + ½) ln(k + 1) − (k + 1)]; as a series above 9. */
function stirlingTail(k: number): number {
  const small = smallTails[k];
  if (small !== undefined) return small;
  const square = (k + 1) ** 2;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}
