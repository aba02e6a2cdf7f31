/** The commands documented in docs/clients.md, so that tests run exactly what is documented. */
import { readFileSync } from 'node:fs';

const page = new URL('../../docs/clients.md', import.meta.url);

/** The code of one block, by the info string of its fence: "```sh curl" is ('sh', 'curl'). */
export function documentedBlock(language: string, name: string): string {
  const fence = `\`\`\`${language} ${name}\n`;
  const text = readFileSync(page, 'utf8');
  const start = text.indexOf(fence);
  const end = text.indexOf('```', start + fence.length);
  if (start < 0 || end < 0) throw new Error(`docs/clients.md has no block "${language} ${name}".`);
  return text.slice(start + fence.length, end);
}
