import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsePlan, planFileShape } from './plan.ts';
import { planJsonSchema } from './plan-json-schema.ts';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const schema = planJsonSchema();
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
const text = read('plan.yml');
const keys = Object.keys(planFileShape);

/** The default plan in which one commented-out example is in force, in place of what excludes it. */
function withExample(key: string): string {
  const example = new RegExp(`^# ${key}:.*\\n(#  +.*\\n)*`, 'm').exec(text)?.[0] ?? '';
  const lines = example.replaceAll(/^# /gm, '');
  const excluded = key === 'hourlyLoad' || key === 'peakHours' ? text.replace(/^meanToPeak:.*\n/m, '') : text;
  const needed = key === 'loginShare' ? 'loginWindowSeconds: 600\n' : '';
  return `${needed}${lines}${excluded}`;
}
const optional = keys.filter((key) => !new RegExp(`^${key}:`, 'm').test(text));

test('the schema beside the plan is the one that the parser gives: else run node scenarios/catalogue/write-generated.main.ts', () => {
  expect(JSON.parse(read('plan.schema.json'))).toEqual(schema);
});

test('the default plan is valid by it, and names it for editors', () => {
  validate(parse(text));
  expect(validate.errors).toBeNull();
  expect(text).toContain('# yaml-language-server: $schema=plan.schema.json\n');
});

test.each(optional)('the default plan has an example of %s, which is valid', (key) => {
  const plan = withExample(key);
  expect(plan).toMatch(new RegExp(`^${key}:`, 'm'));
  expect(parsePlan(plan, 'plan.yml')).toMatchObject({ kind: 'ok' });
  validate(parse(plan));
  expect(validate.errors).toBeNull();
});

test.each([
  ['an unknown key', { user: 5 }],
  ['a number out of its range', { users: 1e15 }],
  ['an unknown choice', { messageGaps: 'random' }],
  ['a list entry without its fields', { channels: [{ count: 1 }] }],
])('it rejects %s', (_what, change) => {
  expect(validate({ ...parse(text), ...change })).toBe(false);
});

test('every key has a description', () => {
  const { properties } = schema as { properties: Record<string, { description?: string }> };
  const without = keys.filter((key) => !properties[key]?.description && key !== 'slo' && key !== 'benchmark');
  expect(without).toEqual([]);
});
