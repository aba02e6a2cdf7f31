/** From settings to enforced limits: defaults filled in and scaled. Pure. */
import type { z } from 'zod';
import type { LimitSetting } from '../model.ts';
import { type Limits, type LimitsInput, limitsSchema, type Scaling } from './limits.ts';

type Tree = Record<string, unknown>;

/**
 * Defaults are scaled; explicit settings are used unchanged. So `{ quotaScale: 0.01, newConnections: { ratePerSecond: 50 } }` has
 * 50 connections/s with a burst of 5 (500 × 0.01), and everything else at a hundredth.
 * @throws ZodError for invalid settings.
 */
export function resolveLimits(input: LimitsInput = {}): Limits {
  const limits = limitsSchema.parse(input);
  return scaleDefaults(limitsSchema, { given: input, parsed: limits }, limits) as Limits;
}

/** The limits that differ from AWS's (scaled) defaults. */
export function explicitLimits(limits: Limits): LimitSetting[] {
  const { quotaScale, timeScale } = limits;
  const defaults = new Map(leavesOf(resolveLimits({ quotaScale, timeScale }), ''));
  return leavesOf(limits, '').flatMap(([name, value]) => {
    const byDefault = defaults.get(name);
    return byDefault === undefined || byDefault === value ? [] : [{ name, value, byDefault }];
  });
}

/** A whole number of things, scaled: rounded, at least 1. A limit of 0 (a function that is switched off) stays 0. */
export const scaleCount = (count: number, scale: number): number =>
  count === 0 ? 0 : Math.max(1, Math.round(count * scale));

function scaleDefaults(schema: z.core.$ZodType, at: { given: unknown; parsed: unknown }, limits: Limits): unknown {
  const shape = shapeOf(schema);
  if (shape === null) return at.given === undefined ? scaled(schema, at.parsed, limits) : at.parsed;
  const given = (at.given ?? {}) as Tree;
  const parsed = at.parsed as Tree;
  return Object.fromEntries(
    Object.entries(shape).map(([key, inner]) => [
      key,
      scaleDefaults(inner, { given: given[key], parsed: parsed[key] }, limits),
    ]),
  );
}

function scaled(schema: z.core.$ZodType, value: unknown, { quotaScale, timeScale }: Limits): unknown {
  const scaling = scalingOf(schema);
  if (typeof value !== 'number' || scaling === undefined) return value;
  switch (scaling) {
    case 'rate':
      return value * quotaScale;
    case 'count':
      return scaleCount(value, quotaScale);
    case 'connectionTime':
    case 'retryTime':
      return value / timeScale;
  }
}

function scalingOf(schema: z.core.$ZodType): Scaling | undefined {
  return (schema as z.ZodType).meta()?.scales as Scaling | undefined;
}

/** The keys of an object, including one wrapped in a default; null for anything else. */
function shapeOf(schema: z.core.$ZodType): Record<string, z.core.$ZodType> | null {
  const { def } = schema._zod;
  if ('shape' in def) return def.shape as Record<string, z.core.$ZodType>;
  return 'innerType' in def ? shapeOf(def.innerType as z.core.$ZodType) : null;
}

function leavesOf(value: unknown, name: string): [name: string, value: LimitSetting['value']][] {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' || value === null)
    return [[name, value]];
  return Object.entries(value ?? {}).flatMap(([key, inner]) => leavesOf(inner, name === '' ? key : `${name}.${key}`));
}
