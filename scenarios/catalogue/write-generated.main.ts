/** `node scenarios/catalogue/write-generated.main.ts`: writes what is generated from the engine's fields and the plan's: the JSON schemas of scenarios, of plans and of loadline.yml, and the tables of the documentation. */
import { readFileSync, writeFileSync } from 'node:fs';
import { configJsonSchema } from '../config/config.ts';
import { planJsonSchema } from '../plan/plan-json-schema.ts';
import { loadFieldsPage, withStepKeys } from './field-tables.ts';
import { scenarioJsonSchema } from './json-schema.ts';

const root = new URL('../../', import.meta.url);
const write = (path: string, text: string) => writeFileSync(new URL(path, root), text);

write('scenarios/loadline.schema.json', `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
write('scenarios/loadline-config.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
write('scenarios/plan.schema.json', `${JSON.stringify(planJsonSchema(), null, 2)}\n`);
write('docs/reference/load-fields.md', loadFieldsPage());
write('engine/README.md', withStepKeys(readFileSync(new URL('engine/README.md', root), 'utf8')));
