/**
 * Random numbers that are a function of where they are drawn: seed, stream and place in the stream. Nothing is kept between
 * draws, so what one stream draws cannot shift another, and the n-th operation of a stream meets the same fate in every run.
 */

/** splitmix32's step between numbers of a stream: 2^32 divided by the golden ratio. */
const step = 0x9e3779b9;

/** Uniform in [0, 1), in steps of 2^-32. `stream` comes from {@link streamOf}; `sequence` counts from 0. */
export function draw(seed: number, stream: number, sequence: number): number {
  const base = mix(mix(seed | 0) ^ stream);
  return mix((base + Math.imul(sequence + 1, step)) | 0) / 2 ** 32;
}

/** The number of a stream with this name: FNV-1a, 32 bits. */
export function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** MurmurHash3's 32-bit finalizer: every bit of the input changes half the bits of the output. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
