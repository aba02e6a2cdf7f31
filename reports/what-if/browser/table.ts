/** A document's table as elements; what was otherwise in the report is said beside it. */
import type { Cell, Table } from '../../document/document.ts';
import { element } from './dom.ts';

/** `before`: as the report has it. Its rows are found by their first cells. */
export function tableElement({ id, caption, columns, rows }: Table, before: Table): HTMLElement {
  const rowsBefore = new Map(before.rows.map((row) => [row[0]?.text, row]));
  const numberClass = (n: number) => (columns[n]?.numeric ? 'number' : null);
  const head = columns.map(({ name }, n) => element('th', { scope: 'col', class: numberClass(n) }, name));
  const body = rows.map((row) => {
    const rowBefore = rowsBefore.get(row[0]?.text);
    return element(
      'tr',
      {},
      ...row.map((cell, n) =>
        n === 0
          ? element('th', { scope: 'row' }, cell.text)
          : element('td', { class: numberClass(n) }, ...cellParts(cell, rowBefore?.[n])),
      ),
    );
  });
  return element(
    'table',
    { id },
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
}

function cellParts({ text, tone, detail }: Cell, before: Cell | undefined): (Node | string)[] {
  return [
    tone === undefined ? text : element('span', { class: tone }, text),
    ...(detail === undefined ? [] : [element('small', {}, detail)]),
    ...(before === undefined || before.text === text ? [] : [element('small', {}, `In the report: ${before.text}`)]),
  ];
}
