/** The variants of the reference stack by its settings. */
import { z } from 'zod';
import type { Coefficients } from '../../capacity/demand/coefficients.ts';
import type { VariantName } from '../../capacity/servers/variants.ts';
import type { RunRecord } from '../../record/run.ts';

const waySchema = z.object({
  store: z.enum(['dynamodb', 'postgres']).default('dynamodb'),
  ingest: z.enum(['lambda', 'direct', 'forward', 'mock']).default('lambda'),
  webhookApi: z.enum(['http', 'rest']).default('http'),
});
/** The settings that make a variant of the functions. */
export type Way = z.infer<typeof waySchema>;

const settingsSchema = waySchema.extend({
  compute: z.enum(['lambda', 'server']).default('lambda'),
  server: z.object({ capacity: z.enum(['fargate', 'ec2']) }).optional(),
});

/** Every store with the usual way in, and every way in with the usual store. */
export const ways: readonly Way[] = [
  { store: 'dynamodb', ingest: 'lambda', webhookApi: 'http' },
  { store: 'dynamodb', ingest: 'lambda', webhookApi: 'rest' },
  { store: 'dynamodb', ingest: 'direct', webhookApi: 'http' },
  { store: 'dynamodb', ingest: 'direct', webhookApi: 'rest' },
  { store: 'dynamodb', ingest: 'forward', webhookApi: 'http' },
  { store: 'dynamodb', ingest: 'mock', webhookApi: 'rest' },
  { store: 'postgres', ingest: 'lambda', webhookApi: 'http' },
];

/** The usual way in, which settings of a service of tasks have. */
export const usualWayIn = { ingest: 'lambda', webhookApi: 'http' } as const;

/** Null: of a service of tasks. */
export const wayOfName = ({ store, way, webhookApi }: VariantName): Way | null =>
  way === null || webhookApi === null ? null : { store, ingest: way, webhookApi };

export const nameOfWay = ({ store, ingest, webhookApi }: Way): VariantName => ({
  ...{ compute: 'lambda', capacity: null, store, way: ingest, webhookApi },
});

/** By settings of the reference stack, as they were recorded: what is absent has its default. On this machine a task is a process, wherever it would run on AWS. */
export function nameOfSettings(settings: Readonly<Record<string, unknown>>): VariantName {
  const { compute, server, ...way } = settingsSchema.parse(settings);
  return compute === 'server'
    ? { ...{ compute, store: way.store, way: null, webhookApi: null }, capacity: server?.capacity ?? 'fargate' }
    : nameOfWay(way);
}

/** Null: the target was not the reference stack. */
export const variantOf = ({ target, settings }: Pick<RunRecord, 'target' | 'settings'>): VariantName | null =>
  target.resources === null ? null : nameOfSettings(settings);

/** With `mock` nobody has a webhook: nothing is queued, delivered and pushed for it. */
export function costsOfWay({ ingest }: Way, coefficients: Coefficients): Coefficients {
  if (ingest !== 'mock') return coefficients;
  const { deliver, ...others } = coefficients.functions;
  return {
    ...coefficients,
    callsPerPush: { kind: 'value', value: 0, unit: 'calls/push', method: 'model', basis: 'nothing is pushed' },
    functions: { ...others, ...(deliver && { deliver: { ...deliver, invocations: {}, busySeconds: {} } }) },
    queues: {},
  };
}
