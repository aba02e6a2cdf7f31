/** `node scenarios/catalogue/write-generated.main.ts`: writes the schema of scenarios after the engine has changed. */
import { writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from './json-schema.ts';

writeFileSync(
  new URL('../loadline.schema.json', import.meta.url),
  `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`,
);
