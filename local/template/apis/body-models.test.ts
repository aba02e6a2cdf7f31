import { expect, test } from 'vitest';
import { BodyChecks, builtInModels } from './body-models.ts';

const urlOf = (name: string) => `https://apigateway.amazonaws.com/restapis/api/models/${name}`;
const checks = new BodyChecks('api', {
  ...builtInModels,
  Order: {
    ...{ $schema: 'http://json-schema.org/draft-04/schema#', id: 'order', title: 'Order', type: 'object' },
    required: ['id'],
    properties: {
      id: { type: 'string', minLength: 1 },
      minimum: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 10 },
      lines: { type: 'array', items: { $ref: urlOf('Line') } },
    },
  },
  Line: { type: 'object', required: ['sku'], properties: { sku: { type: 'string', pattern: '^[A-Z]-\\d+$' } } },
  Broken: { type: 'objekt' },
  Lost: { type: 'array', items: { $ref: urlOf('Nobody') } },
  Text: 'no schema',
});

test.each([
  ['Order', '{"id":"a"}', true],
  ['Order', '{"id":""}', false],
  ['Order', '{}', false],
  ['Order', '[]', false],
  ['Order', '', false],
  ['Order', '{"id":', false],
  // Draft 4: a flag beside the limit.
  ['Order', '{"id":"a","minimum":0}', false],
  ['Order', '{"id":"a","minimum":0.1}', true],
  ['Order', '{"id":"a","minimum":10}', true],
  ['Order', '{"id":"a","minimum":10.1}', false],
  ['Order', '{"id":"a","lines":[{"sku":"A-1"}]}', true],
  ['Order', '{"id":"a","lines":[{"sku":"a-1"}]}', false],
  ['Empty', '{"any":"thing"}', true],
  ['Empty', '"text"', false],
  ['Error', '{"message":1}', false],
])('%s takes %s: %s', (model, body, keeps) => {
  expect(checks.keeps(model, body)).toBe(keeps);
});

test.each([
  ['Broken', /^the model Broken is not a JSON schema: /],
  ['Lost', /^the model Lost is not a JSON schema: .*models\/Nobody/],
  ['Text', 'the model Text is not a JSON schema: it is no object'],
  ['Nobody', 'the API has no model Nobody'],
])('%s is a sentence', (model, sentence) => {
  expect(() => checks.checkOf(model)).toThrow(sentence);
});
