/** `node scripts/scenario-schema.main.ts`: writes the schema of scenarios after the engine has changed. */
import { writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from './catalogue/json-schema.ts';

writeFileSync(
  new URL('../scenarios/loadline.schema.json', import.meta.url),
  `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`,
);
