/** Reads rows.md: one row per line, under the heading of its area. An invalid line is an error with its number. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Area, areas, type Check, type Confidence, confidences, type Row } from './row.ts';

const file = fileURLToPath(new URL('./rows.md', import.meta.url));

export interface Facts {
  rows: readonly Row[];
  /** Key → what it is and where. */
  sources: ReadonlyMap<string, string>;
  /** Title of each area, from its heading. */
  titles: ReadonlyMap<Area, string>;
}

export const readFacts = (): Facts => parseFacts(readFileSync(file, 'utf8'));

export function parseFacts(text: string): Facts {
  const rows: Row[] = [];
  const sources = new Map<string, string>();
  const titles = new Map<Area, string>();
  let section: Area | 'sources' | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const fail = (problem: string): never => {
      throw new Error(`rows.md, line ${index + 1}: ${problem}`);
    };
    if (line.startsWith('## ')) {
      section = line === '## Sources' ? 'sources' : areaOfHeading(line, titles, fail);
      continue;
    }
    const cells = cellsOf(line);
    if (section === null || cells === null) continue;
    if (section === 'sources') {
      const [key, what] = cells;
      if (cells.length !== 2 || key === undefined || what === undefined) return fail('a source has a key and a place');
      sources.set(key, what);
      continue;
    }
    const [name, row, expectation, source, confidence, check] = cells;
    if (cells.length !== 6 || !name || !row || !expectation || !source || !confidence || !check) {
      return fail(`a row has 6 cells, all filled; this one has ${cells.length}`);
    }
    if (!sources.has(source)) fail(`unknown source ${source}`);
    rows.push({
      id: `${section}.${name}`,
      area: section,
      row,
      expectation,
      source,
      confidence: parseConfidence(confidence, fail),
      check: parseCheck(check, fail),
    });
  }
  return { rows, sources, titles };
}

type Fail = (problem: string) => never;

function areaOfHeading(line: string, titles: Map<Area, string>, fail: Fail): Area {
  const [, name, title] = /^## ([A-D]\d?)\. (.+)$/.exec(line) ?? [];
  const area = areas.find((known) => known === name);
  if (area === undefined || title === undefined) return fail(`"${line}" is not a heading of an area`);
  titles.set(area, title);
  return area;
}

/** null for a line that is not a row of a table's body. */
function cellsOf(line: string): string[] | null {
  if (!line.startsWith('| ') || line.startsWith('| ---') || /^\| (Id|Key) \|/.test(line)) return null;
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function parseConfidence(text: string, fail: Fail): Confidence {
  return confidences.find((known) => known === text) ?? fail(`${text} is not a confidence: ${confidences.join(', ')}`);
}

function parseCheck(text: string, fail: Fail): Check {
  const colon = text.indexOf(': ');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? '' : text.slice(colon + 2);
  switch (kind) {
    case 'both':
      return rest === '' ? { kind } : fail(`${kind} stands alone`);
    case 'setting':
      return rest === '' ? fail('which setting?') : { kind, setting: rest };
    case 'localOnly':
    case 'notModelled':
    case 'fact':
      return rest === '' ? fail(`${kind} needs its reason`) : { kind, why: rest };
    default:
      return fail(`${kind} is not a check`);
  }
}
