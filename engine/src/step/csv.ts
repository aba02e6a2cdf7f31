/** Rows of a CSV text (RFC 4180) as records; the first line names the columns. */
export type CsvParse = { kind: 'ok'; rows: Record<string, string>[] } | { kind: 'invalid'; problem: string };

export function parseCsv(text: string): CsvParse {
  const [columns, ...lines] = cellsOf(text.replace(/^\uFEFF/, ''));
  if (columns === undefined || lines.length === 0)
    return { kind: 'invalid', problem: 'expected a line of column names and at least one row' };
  const odd = lines.findIndex((cells) => cells.length !== columns.length);
  if (odd >= 0)
    return {
      kind: 'invalid',
      problem: `expected ${columns.length} cells in row ${odd + 1}, one for each column, found ${lines[odd]?.length}`,
    };
  return {
    kind: 'ok',
    rows: lines.map((cells) => Object.fromEntries(columns.map((name, n) => [name, cells[n] ?? '']))),
  };
}

const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  cell.lastIndex = 0;
  while (cell.lastIndex < text.length || row.length > 0) {
    const match = cell.exec(text);
    // A quote in the middle of a cell: the rest is taken literally.
    if (match === null) return [...rows, [...row, text.slice(cell.lastIndex)]];
    row.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}
