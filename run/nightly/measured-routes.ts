/**
 * What a report says of latencies and failed work, of all and of each of several messages, or URLs of webhooks. The whole of a load hides one route of it: its p99 does not
 * move while less than a hundredth of all gets slower, and its counts stay where one route gains what another loses. Pure.
 */
import { z } from 'zod';
import { failures, type Measurement, time } from './measurement.ts';

const percentileSchema = z.object({ ms: z.number().nullable() });
/** A percentile that lies among what failed has no milliseconds. */
export const summarySchema = z.object({ p50: percentileSchema, p99: percentileSchema });

const outcomesSchema = z.object({ intended: z.number(), outcomes: z.record(z.string(), z.number()) });
/** Where a stack does not say which events it has finished, what is lost is among the missed. */
const eventsSchema = z.object({ accepted: z.number(), outcomes: z.record(z.string(), z.number()) });
/** Of report.json. */
export const ledgerSchema = z.object({
  connects: outcomesSchema,
  messages: outcomesSchema,
  webhooks: outcomesSchema,
  events: eventsSchema,
});
/** One of the routes of report.json. */
export const routeSchema = z.object({
  kind: z.enum(['message', 'webhook']),
  name: z.string(),
  latency: z.array(z.object({ id: z.string(), steady: summarySchema.nullable() })),
  outcomes: outcomesSchema,
  events: eventsSchema.nullable(),
});

/** `roundTripP50` and `roundTripP99`; of a route with its name behind it. Empty where nothing was measured. */
export function latenciesOf(id: string, summary: z.infer<typeof summarySchema> | null, route?: string): Measurement[] {
  return (['p50', 'p99'] as const).flatMap((name) => {
    const ms = summary?.[name].ms ?? null;
    return ms === null ? [] : [time(named(`${id}${name.toUpperCase()}`, route), ms, 'ms')];
  });
}

/** A run that lost something is not judged: then its routes are named here. */
export const lostSentences = (routes: readonly z.infer<typeof routeSchema>[]): string[] => {
  const losing = routes.flatMap(({ name, events }) =>
    (events?.outcomes.lost ?? 0) > 0 ? [`${name} (${events?.outcomes.lost})`] : [],
  );
  return losing.length === 0 ? [] : [`Lost by route: ${losing.join(', ')}.`];
};

interface Failing {
  ledger: z.infer<typeof ledgerSchema> | null;
  routes: readonly z.infer<typeof routeSchema>[];
}

/** Of each kind of work that was due, how much did not succeed; of events that were accepted, how many were lost or missed. */
export const failuresOf = ({ ledger, routes }: Failing): Measurement[] => [
  ...(ledger === null
    ? []
    : [
        ...failed('Connects', ledger.connects, 'opened'),
        ...failed('Messages', ledger.messages, 'answered'),
        ...failed('Webhooks', ledger.webhooks, 'accepted'),
        ...losses(ledger.events),
      ]),
  ...routes.flatMap(({ kind, name, outcomes, events }) => [
    ...(kind === 'message'
      ? failed('Messages', outcomes, 'answered', name)
      : failed('Webhooks', outcomes, 'accepted', name)),
    ...(events === null ? [] : losses(events, name)),
  ]),
];

function failed(
  what: 'Connects' | 'Messages' | 'Webhooks',
  { intended, outcomes }: z.infer<typeof outcomesSchema>,
  success: string,
  route?: string,
): Measurement[] {
  if (intended === 0) return [];
  const missing = Math.max(0, intended - (outcomes[success] ?? 0));
  return [failures(named(`failed${what}`, route), missing, what.toLowerCase())];
}

const losses = ({ accepted, outcomes }: z.infer<typeof eventsSchema>, route?: string): Measurement[] =>
  accepted === 0
    ? []
    : (['lost', 'missed'] as const).map((outcome) => failures(named(outcome, route), outcomes[outcome] ?? 0, 'events'));

const named = (metric: string, route: string | undefined): string =>
  route === undefined ? metric : `${metric}-${route}`;
