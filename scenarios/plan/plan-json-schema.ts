/** The JSON schema with which editors complete a usage plan, generated from the parser's own. */
import { z } from 'zod';
import { planFileShape } from './plan.ts';

/** The whole schema. Pure. */
export function planJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(z.strictObject(planFileShape), {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
  });
  return {
    $schema,
    title: 'Usage plan for Loadline',
    description: 'Generated from the plan’s parser by `node scenarios/catalogue/write-generated.main.ts`: do not edit.',
    ...schema,
  };
}
