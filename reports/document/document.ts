/**
 * The content of a report: the answer in one sentence and a few tiles, then sections of findings, tables, charts and sentences. Renderers only format it; what it
 * contains, and in which order, is decided here alone.
 */
import type { Chart } from './charts/chart.ts';

export interface Document {
  title: string;
  verdict: Verdict;
  /** The answer, a part each: the first screen. Empty: there is none. */
  tiles: Tile[];
  sections: Section[];
  /** Where it came from, in small print. */
  footer: string;
}

export type Tone = 'good' | 'near' | 'bad' | 'muted';

interface Verdict {
  tone: Tone;
  /** The sentence begins with it: `OK`. */
  lead: string;
  sentence: string;
  /** In a terminal these lines, a name and a text each, stand in place of the sentence. */
  summary?: readonly [name: string, text: string][];
}

/** One part of the answer: what is asked, the answer in a few words, and a line about it. */
export interface Tile {
  /** Unique among tiles. */
  id: string;
  /** `Binds now` */
  name: string;
  /** `73.2%` */
  value: string;
  detail: string;
  /** Never shown by colour alone: the value says it. */
  tone?: Tone;
  /** Its evidence: a section, or a row of a table. */
  anchor?: string;
}

export interface Section {
  /** Unique among sections and anchors. */
  id: string;
  title: string;
  /** At least one. */
  blocks: Block[];
  /** Too much for a terminal, which has the sentences. */
  onPage?: true;
}

export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; items: Item[] }
  | { kind: 'facts'; facts: [name: string, value: string][] }
  | { kind: 'findings'; findings: Finding[] }
  | { kind: 'table'; table: Table }
  /** Side by side where there is room. */
  | { kind: 'charts'; charts: Chart[] };

export interface Item {
  text: string;
  /** What to do about it, or more of it. */
  next?: string;
  links?: Link[];
}

/** What was found or is to be done, the most important first: a sentence with what a reader sorts it by. */
export interface Finding {
  text: string;
  /** A word or two each: `by 2026-07-15`, `ask AWS`. */
  labels: { text: string; tone?: Tone }[];
  /** `to 9,400 requests/s`, `from 5,000`: may be empty. */
  facts: [name: string, value: string][];
  /** How it was calculated. */
  detail?: string;
}

/** To a row of a table, or a section, of the same document. */
export interface Link {
  text: string;
  /** Of a {@link Cell} or a {@link Section} that is there. */
  anchor: string;
}

export interface Table {
  id: string;
  caption: string;
  /** The first column names the row; `numeric` columns are right-aligned. */
  columns: { name: string; numeric: boolean }[];
  rows: Cell[][];
  /** Its rows are compared with each other: none is left out, however many there are. */
  isWhole?: true;
  /** Rows that matter less, behind one line that opens. */
  more?: { line: string; rows: Cell[][] };
  /** Sentences below the table. */
  notes: string[];
}

export interface Cell {
  text: string;
  /** How good or bad it is; never shown by colour alone. */
  tone?: Tone;
  /** More about the cell, in smaller print. */
  detail?: string;
  /** 0 to 1, drawn as a bar below the text. */
  bar?: number;
  /** Links lead here: unique in the document. */
  anchor?: string;
}

export const words = (name: string) => ({ name, numeric: false });
export const figure = (name: string) => ({ name, numeric: true });

/** A figure that may be missing. */
export const figureCell = (value: number | null, show: (value: number) => string, missing = 'not measured'): Cell =>
  value === null ? { text: missing, tone: 'muted' } : { text: show(value) };

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
export const list = (items: readonly Item[]): Block[] =>
  items.length > 0 ? [{ kind: 'list', items: [...items] }] : [];
export const findings = (all: readonly Finding[]): Block[] =>
  all.length > 0 ? [{ kind: 'findings', findings: [...all] }] : [];
/** Tables with rows; an empty one says nothing. */
export const tables = (...all: readonly (Table | null)[]): Block[] =>
  all.flatMap((table) =>
    table !== null && table.rows.length + (table.more?.rows.length ?? 0) > 0 ? [{ kind: 'table', table }] : [],
  );
/** Charts with something to show; of each other one its sentence. */
export function charts(...all: readonly Chart[]): Block[] {
  const drawn = all.filter(isDrawn);
  return [
    ...(drawn.length > 0 ? [{ kind: 'charts' as const, charts: drawn }] : []),
    ...list(all.filter((chart) => !isDrawn(chart)).map(({ sentence }) => ({ text: sentence }))),
  ];
}

const isDrawn = (chart: Chart): boolean =>
  chart.kind === 'lanes'
    ? chart.lanes.some(({ spans }) => spans.length > 0)
    : chart.lines.some(({ points }) => points.some(([, value]) => value !== null && value !== 0));
