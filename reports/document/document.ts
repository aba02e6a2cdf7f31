/** The content of a report, in order: sections of tables, sentences and charts. Renderers only format it; what it contains is decided here alone. */
import type { Timeline } from '../analysis/timeline.ts';

export interface Document {
  title: string;
  verdict: {
    tone: 'good' | 'near' | 'bad';
    /** The sentence begins with it: `OK`. */
    lead: string;
    sentence: string;
    links: Link[];
    /** The answer in a few lines: a name and a text each. In a terminal they stand in place of the sentence. */
    summary?: readonly [name: string, text: string][];
  };
  sections: Section[];
  /** Where it came from, in small print. */
  footer: string;
}

export interface Section {
  /** Unique among sections and anchors. */
  id: string;
  title: string;
  /** At least one. */
  blocks: Block[];
}

export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; items: Item[] }
  | { kind: 'facts'; facts: [name: string, value: string][] }
  | { kind: 'table'; table: Table }
  | { kind: 'timeline'; timeline: Timeline };

export interface Item {
  text: string;
  /** What to do about it, or more of it. */
  next?: string;
  links?: Link[];
}

/** To a row of a table in the same document. */
export interface Link {
  text: string;
  /** Of a {@link Cell} that is there. */
  anchor: string;
}

export interface Table {
  id: string;
  caption: string;
  /** The first column names the row; `numeric` columns are right-aligned. */
  columns: { name: string; numeric: boolean }[];
  rows: Cell[][];
  /** Sentences below the table. */
  notes: string[];
  /** Each row is a sentence with its explanation, rather than figures to compare. */
  ofSentences?: true;
}

export interface Cell {
  text: string;
  /** How good or bad it is; never shown by colour alone. */
  tone?: 'good' | 'near' | 'bad' | 'muted';
  /** More about the cell, in smaller print. */
  detail?: string;
  /** 0 to 1, drawn as a bar behind the text. */
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
/** Tables with rows; an empty one says nothing. */
export const tables = (...all: readonly (Table | null)[]): Block[] =>
  all.flatMap((table) => (table !== null && table.rows.length > 0 ? [{ kind: 'table', table }] : []));
