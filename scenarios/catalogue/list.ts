import type { CatalogueEntry } from './catalogue.ts';

/** The catalogue as text, or as JSON for programs. Pure. */
export function renderCatalogue(entries: readonly CatalogueEntry[], asJson: boolean): string {
  if (asJson) return JSON.stringify(entries);
  const width = Math.max(...entries.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 2);
  return entries
    .map(({ name, question, example }) =>
      [`${name.padEnd(width)}  ${question}`, ...(example === null ? [] : [`${indent}${example}`])].join('\n'),
    )
    .join('\n');
}
