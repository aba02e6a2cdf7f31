/** A seeded source of random numbers: xorshift32 (Marsaglia, Journal of Statistical Software 8(14), 2003), period 2^32 − 1. */
export type Random = () => number;

/** Numbers from 0 (included) to 1 (excluded); the same seed gives the same numbers. */
export function seededRandom(seed: number): Random {
  // Zero is the one state that xorshift never leaves; the multiplication spreads seeds that lie close together.
  let state = Math.imul(seed | 0, 0x9e37_79b1) ^ 0x5bd1_e995 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

/** One draw from the standard normal distribution (Box, Muller, Annals of Mathematical Statistics 29, 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
