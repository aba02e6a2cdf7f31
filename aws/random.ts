/**
 * Random numbers that are a function of where they are drawn: seed, stream and position in the stream. Nothing is kept between
 * draws, so one stream cannot shift another, and the n-th operation of a stream gets the same number in every run.
 */

/** A source of numbers, uniform in [0, 1). */
export type Random = () => number;

/** splitmix32's step between numbers of a stream: 2^32 divided by the golden ratio. */
const step = 0x9e3779b9;

/** Uniform in [0, 1), in steps of 2^-32. `stream` comes from {@link streamOf}; `sequence` counts from 0. */
export function draw(seed: number, stream: number, sequence: number): number {
  return numberAt(startOf(seed, stream), sequence);
}

/** The numbers of one stream, one after the other; the same seed gives the same numbers. Period 2^32. */
export function seededRandom(seed: number, stream = 0): Random {
  const start = startOf(seed, stream);
  let sequence = 0;
  return () => numberAt(start, sequence++);
}

/** One draw from the standard normal distribution (Box, Muller, Annals of Mathematical Statistics 29, 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The number of a stream with this name: FNV-1a, 32 bits. */
export function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Maps a key to [0, 1), spreading even short and similar keys evenly. */
export const hashedShare = (key: string): number => mix(streamOf(key)) / 2 ** 32;

const startOf = (seed: number, stream: number): number => mix(mix(seed | 0) ^ stream);
const numberAt = (start: number, sequence: number): number =>
  mix((start + Math.imul(sequence + 1, step)) | 0) / 2 ** 32;

/** MurmurHash3's 32-bit finalizer: every bit of the input changes half the bits of the output. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
