/** A line of the history: one series in one night. And what ends an alarm. */
import { z } from 'zod';

/** Readers skip lines of versions that they do not know, and say so. */
export const lineVersion = 1 as const;

const finite = z.number();
/** A calendar day, in UTC. */
export const nightSchema = z.iso.date();

export const lineSchema = z.object({
  v: z.literal(lineVersion),
  /** Entry of the suite and metric, as in `messages.cpuMicrosPerMessage`. */
  series: z.string().min(1),
  /** Names under which the entry's series were kept before. */
  formerly: z.array(z.string()).exactOptional(),
  night: nightSchema,
  /** When the night began, by the machine's clock: a label. ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** Nights in the order in which they were begun: one more than the largest that was there. Clocks do not enter into it. */
  sequence: z.number().int().nonnegative(),
  /** Which `loadline nightly` wrote it. */
  run: z.string().min(1),
  /** `repeat`: run again, because the night's own value looked like a regression. */
  role: z.enum(['night', 'repeat']),
  /** Null: not measured. Of the repeats that are valid. */
  value: finite.nullable(),
  unit: z.string(),
  /** Where it gets worse. */
  harm: z.enum(['higher', 'lower']),
  /** How the value follows from the repeats. */
  statistic: z.enum(['minimum', 'median']),
  /** Each valid repeat: runs of the same commit on the same machine, one after the other. */
  repeats: z.array(finite),
  /** Why it is not judged; null: it is valid. */
  invalid: z.string().nullable(),
  /** What of the plan's SLO was broken, as a sentence; null: nothing, or there was none to hold. */
  sloBroken: z.string().nullable(),
  /** Of what was measured; "+" when files differed from it. Null outside a repository. */
  commit: z.string().nullable(),
  loadline: z.string(),
  node: z.string(),
  target: z.enum(['local', 'aws', 'endpoint', 'none']),
  machine: z.object({ id: z.string(), text: z.string() }),
  /** Whether values of two machines may be compared: those of counts may. */
  machineBound: z.boolean(),
  /** Fingerprint of all that decides what is run: another plan makes another series. */
  plan: z.string(),
});
export type Line = z.infer<typeof lineSchema>;

/** Accepts a regression: the new level is the one to be compared with, and its alarm ends. */
export const acknowledgementSchema = z.object({
  v: z.literal(lineVersion),
  kind: z.literal('acknowledgement'),
  series: z.string().min(1),
  /** The change's first night. */
  night: nightSchema,
  reason: z.string().min(1),
  by: z.string(),
  at: z.iso.datetime(),
});
export type Acknowledgement = z.infer<typeof acknowledgementSchema>;
