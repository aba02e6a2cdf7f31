/** Paths of the page and its template. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const fidelityPath = fileURLToPath(new URL('../../local/FIDELITY.md', import.meta.url));
export const readTemplate = (): string =>
  readFileSync(fileURLToPath(new URL('./fidelity.template.md', import.meta.url)), 'utf8');
