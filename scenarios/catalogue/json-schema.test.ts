// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scenarioJsonSchema } from './json-schema.ts';

const folder = new URL('../', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const schema = scenarioJsonSchema();
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
const scenarioWith = (fleet: object) => ({
  config: { engines: { loadline: {} } },
  scenarios: [{ engine: 'loadline', flow: [{ fleet }] }],
});

test('the schema beside the scenarios is the one that the engine gives: else run node scenarios/catalogue/write-generated.main.ts', () => {
  expect(JSON.parse(read('loadline.schema.json'))).toEqual(schema);
});

const names = readdirSync(folder).filter((name) => name.endsWith('.yml') && name !== 'plan.yml');
test.each(names)('%s is valid by it, and names it for editors', (name) => {
  validate(parse(read(name)));
  expect(validate.errors).toBeNull();
  expect(read(name)).toContain('# yaml-language-server: $schema=loadline.schema.json\n');
});

describe('it rejects', () => {
  test.each([
    ['an unknown key', { conections: 5 }],
    ['a number out of its range', { connections: -1 }],
    ['a share above 1', { replayShare: 1.5 }],
    ['an unknown choice', { reconnectJitter: 'half' }],
    ['a list entry without its fields', { channels: [{ count: 1 }] }],
    ['a number within a list', { webhookSizes: [{ bytes: -1, weight: 1 }] }],
  ])('%s', (_what, fleet) => {
    expect(validate(scenarioWith(fleet))).toBe(false);
  });
});

describe('it accepts', () => {
  test.each([
    ['numbers', { connections: 5, idleShare: 0.5 }],
    [
      'templates',
      { connections: '{{ n }}', channels: [{ count: '{{ a }}', subscribers: 3 }], reconnectJitter: '{{ j }}' },
    ],
    ['numbers as text', { connections: '5' }],
    ['matchers', { message: '{"id":"${id}"}', answer: { jsonPath: '$.id' } }],
  ])('%s', (_what, fleet) => {
    validate(scenarioWith(fleet));
    expect(validate.errors).toBeNull();
  });
});

test('every key has a description', () => {
  const { definitions } = schema as {
    definitions: { step: { properties: { fleet: { properties: Record<string, { description?: string }> } } } };
  };
  const keys = Object.entries(definitions.step.properties.fleet.properties);
  expect(keys.length).toBeGreaterThan(45);
  expect(keys.filter(([, { description }]) => !description)).toEqual([]);
});
