/** The rule of a number as a schema; apart from the rule, so that help and completion need not load zod. */
import { z } from 'zod';
import type { NumberRule } from './number-rule.ts';

/** The same rule as a schema, without its default. */
export function numberSchema({ min, max, exclusive, whole }: NumberRule): z.ZodNumber {
  let schema = whole ? z.number().int() : z.number();
  if (min !== undefined) schema = exclusive ? schema.gt(min) : schema.gte(min);
  if (max !== undefined) schema = schema.lte(max);
  return schema;
}
