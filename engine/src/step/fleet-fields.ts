/** The fields of a `fleet` step that are more than a number or a text, as zod schemas: other ways to write a fleet start from here. */
import { z } from 'zod';
import { parseJsonPath } from '../core/messages/json-path.ts';

/** A template leaves a number as text. */
const number = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
  z.number(),
);
const rate = number.pipe(z.number().nonnegative());
const positive = number.pipe(z.number().positive());
const count = number.pipe(z.number().int().positive());

/** Phases of a rate (core/schedule/pacer.ts): constant, linear, exponential, staircase, burst. */
const ratePhases = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('constant'), ratePerSecond: rate, lastsSeconds: positive }),
      z.strictObject({ kind: z.literal('linear'), fromPerSecond: rate, toPerSecond: rate, lastsSeconds: positive }),
      z.strictObject({
        kind: z.literal('exponential'),
        fromPerSecond: positive,
        toPerSecond: positive,
        lastsSeconds: positive,
      }),
      z.strictObject({
        kind: z.literal('staircase'),
        fromPerSecond: rate,
        toPerSecond: rate,
        steps: count,
        lastsSeconds: positive,
      }),
      z.strictObject({ kind: z.literal('burst'), arrivals: count, lastsSeconds: positive }),
    ]),
  )
  .min(1);

const jsonPath = z.string().refine((path) => parseJsonPath(path) !== null, 'expected a path such as $.data.id');
const regexp = z.string().refine(isRegExp, 'expected a regular expression');

function isRegExp(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

export const fleetFields = z.strictObject({
  arrivals: z.enum(['even', 'poisson']).default('even'),
  connectPhases: ratePhases.nullable().default(null),
  messagePhases: ratePhases.nullable().default(null),
  webhookPhases: ratePhases.nullable().default(null),
  publishPhases: ratePhases.nullable().default(null),
  channels: z.array(z.strictObject({ count, subscribers: count })).default([]),
  /** Further channels, whose sizes follow Zipf's law (core/fan-out/channel-sizes.ts). */
  channelDistribution: z.strictObject({ channels: count, largest: count, exponent: rate }).nullable().default(null),
  /** Sizes of webhooks, each with its weight among them. */
  webhookSizes: z.array(z.strictObject({ bytes: count, weight: positive })).default([]),
  reconnectJitter: z.enum(['none', 'full', 'equal']).default('full'),
  dropAllAtSeconds: number.pipe(z.number().nonnegative()).nullable().default(null),
  fleetsIn: z.enum(['auto', 'threads', 'processes']).default('auto'),
  headers: z
    .record(
      z
        .string()
        .regex(
          /^(?!(?:connection|upgrade|sec-websocket-.*)$)[\w!#$%&'*+.^`|~-]+$/i,
          "is not the name of a header that can be given: those of the upgrade itself are the engine's (for a subprotocol use subprotocols)",
        ),
      z.string().regex(/^[^\r\n]*$/),
    )
    .default({}),
  subprotocols: z.array(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/)).default([]),
  /** Text of a message to a target of your own, with `${id}`, `${user}`, `${sequence}`, `${feed.<column>}` in it. */
  message: z.string().min(1).nullable().default(null),
  /** How its answer is recognised; `next`: the next text message answers the oldest message of its connection. */
  answer: z
    .union([
      z.literal('next').transform(() => ({ kind: 'next' as const })),
      z.strictObject({ jsonPath }).transform(({ jsonPath: path }) => ({ kind: 'jsonPath' as const, path })),
      z.strictObject({ regexp }).transform(({ regexp: source }) => ({ kind: 'regexp' as const, source })),
    ])
    .default({ kind: 'next' }),
  /** Path of a CSV file whose first line names the columns; its rows are the connections' in turn. */
  feed: z.string().min(1).nullable().default(null),
  /** Path of a module (JavaScript or TypeScript) that exports hooks (hooks.ts). */
  hooks: z.string().min(1).nullable().default(null),
});
export type FleetFields = z.output<typeof fleetFields>;

/** The first problem as `fleet.<path>: <what>`. */
export function fieldProblem(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return 'fleet: not understood.';
  const path = ['fleet', ...issue.path.map(String)].join('.');
  return `${path}: ${issue.message.replace(/^Invalid input: /, '').replace(/\.?$/, '.')}`;
}
