/** The JSON schema with which editors complete scenarios, generated from the engine's own keys and schemas. */
import { z } from 'zod';
import { fleetFields, textFields } from '../../engine/src/step/fleet-fields.ts';
import { keysOf, recordOf } from '../../engine/src/step/keyed.ts';
import { describeField, type NumberField, numberFieldNames, numberFields } from '../../engine/src/step/load-fields.ts';
import { numberSchema } from '../../engine/src/step/number-schema.ts';

type Json = Record<string, unknown>;

/** Text that Artillery fills in before the engine sees it. */
const template: Json = { type: 'string', pattern: '\\{\\{.*\\}\\}' };
const numberInText: Json = { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$' };

/** The whole schema. Pure. */
export function scenarioJsonSchema(): Json {
  const fleet = {
    ...recordOf(numberFieldNames, (name) => numberField(numberFields[name])),
    ...recordOf(keysOf(textFields), (name) => ({ description: textFields[name], type: ['string', 'number'] })),
    ...recordOf(keysOf(fleetFields.shape), (name) => fieldSchema(fleetFields.shape[name])),
  };
  const step = { type: 'object', required: ['fleet'], additionalProperties: false };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Artillery script for the loadline engine',
    description: 'Generated from the engine by `node scenarios/catalogue/write-generated.main.ts`: do not edit.',
    type: 'object',
    required: ['config', 'scenarios'],
    properties: {
      config: {
        type: 'object',
        required: ['engines'],
        properties: {
          target: { type: 'string', description: 'WebSocket URL. `loadline run` replaces it.' },
          engines: { type: 'object', required: ['loadline'] },
          variables: {
            type: 'object',
            description: 'Each can be overridden: `loadline run --variable name=value`.',
          },
        },
      },
      scenarios: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          if: { properties: { engine: { const: 'loadline' } }, required: ['engine'] },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
          then: {
            required: ['flow'],
            properties: { flow: { type: 'array', minItems: 1, items: { $ref: '#/definitions/step' } } },
          },
        },
      },
    },
    definitions: {
      step: {
        ...step,
        properties: { fleet: { type: 'object', additionalProperties: false, properties: fleet } },
      },
    },
  };
}

function numberField(field: NumberField): Json {
  const { $schema: _schema, ...range } = z.toJSONSchema(numberSchema(field), { target: 'draft-7' });
  return {
    description: describeField(field),
    ...(field.default !== undefined && { default: field.default }),
    anyOf: numberForms(range),
  };
}

const numberForms = (number: Json): Json[] => [number, template, numberInText];

/** zod's own, in which a template may replace any number and the whole. */
function fieldSchema(field: z.ZodType): Json {
  const made: Json = z.toJSONSchema(field, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === 'object') jsonSchema.required = requiredOf((def as z.core.$ZodObjectDef).shape);
      // A number of the engine's fields is a pipe: text that a template left becomes a number, which is then checked.
      const number = def.type === 'pipe' ? numberOf(zodSchema) : null;
      if (number === null) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      const { $schema: _schema, ...range } = z.toJSONSchema(number, { target: 'draft-7' });
      jsonSchema.anyOf = numberForms(range);
    },
  });
  const { $schema: _schema, default: byDefault, description, ...schema } = made;
  return {
    description,
    ...(byDefault !== undefined && { default: byDefault }),
    anyOf: [schema, template, { const: '' }],
  };
}

/** Keys that may not be left out. */
const requiredOf = (shape: z.core.$ZodShape): string[] =>
  Object.keys(shape).filter((name) => shape[name] && !z.safeParse(shape[name], undefined).success);

/** The number at the end of a chain of pipes; null when it ends in something else. */
function numberOf(schema: z.core.$ZodType): z.core.$ZodType | null {
  let end = schema;
  while (end._zod.def.type === 'pipe') end = (end._zod.def as z.core.$ZodPipeDef).out;
  return end._zod.def.type === 'number' ? end : null;
}
