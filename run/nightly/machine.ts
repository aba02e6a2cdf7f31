/** Which machine this is, for series that may not be compared with those of another. */
import { createHash } from 'node:crypto';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Line } from '../../history/line.ts';

/** Processor, cores in use, and memory to the nearest GB: two machines of a cloud that are alike in these are one. */
export function thisMachine(): Line['machine'] {
  const model = (cpus()[0]?.model ?? 'unknown processor').replaceAll(/\s+/g, ' ').trim();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const text = `${availableParallelism()} × ${model}, ${gigabytes} GB, ${process.platform} ${process.arch}`;
  return { id: createHash('sha256').update(text).digest('hex').slice(0, 8), text };
}
