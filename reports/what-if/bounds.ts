/** What each number of a plan may be, and what it means, from the plan's own schema. */
import { z } from 'zod';
import { planSchema } from '../../capacity/demand/plan.ts';
import type { Bounds } from './control.ts';

interface FieldRule {
  bounds: Bounds;
  hint: string;
}

/** By place in the plan, without the numbers of list entries: `users`, `rollout.share`, `channels.size`, `channels.size.largest`. */
export type FieldRules = Record<string, FieldRule>;

type Schema = z.core.JSONSchema.BaseSchema;

/** Pure. */
export function planRules(): FieldRules {
  const schema = z.toJSONSchema(planSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return Object.fromEntries(rulesIn(schema, []));
}

function rulesIn(schema: Schema, at: readonly string[]): [string, FieldRule][] {
  const own: [string, FieldRule][] =
    schema.type === 'number' || schema.type === 'integer'
      ? [[at.join('.'), { bounds: boundsOf(schema), hint: schema.description ?? '' }]]
      : [];
  const options = (schema.anyOf ?? []).flatMap((each) => rulesIn(each, at));
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    typeof each === 'object' ? rulesIn(each, [...at, name]) : [],
  );
  const { items } = schema;
  const entries = typeof items === 'object' && !Array.isArray(items) ? rulesIn(items, at) : [];
  const described = options.map(([key, rule]): [string, FieldRule] => [
    key,
    { ...rule, hint: rule.hint || (schema.description ?? '') },
  ]);
  return [...own, ...described, ...fields, ...entries];
}

function boundsOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): Bounds {
  const above = typeof exclusiveMinimum === 'number' ? exclusiveMinimum : null;
  const below = typeof exclusiveMaximum === 'number' ? exclusiveMaximum : null;
  return {
    least: above ?? minimum ?? Number.MIN_SAFE_INTEGER,
    aboveLeast: above !== null,
    most: below ?? maximum ?? Number.MAX_SAFE_INTEGER,
    belowMost: below !== null,
    whole: type === 'integer',
  };
}
