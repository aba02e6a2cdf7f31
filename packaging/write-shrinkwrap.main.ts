/** Before packing (`prepack`): writes npm-shrinkwrap.json, which `postpack` removes, because in a checkout npm would read it in place of package-lock.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { lockSchema, shrinkwrapOf } from './shrinkwrap.ts';

const at = (name: string) => new URL(`../${name}`, import.meta.url);
const lock = lockSchema.parse(JSON.parse(readFileSync(at('package-lock.json'), 'utf8')));
writeFileSync(at('npm-shrinkwrap.json'), `${JSON.stringify(shrinkwrapOf(lock), null, 2)}\n`);
