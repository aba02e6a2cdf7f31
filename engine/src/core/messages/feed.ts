/** Rows of a user's own data, which users take in turn. Pure. */
import { placeholdersOf } from './template.ts';

export type FeedRow = Readonly<Record<string, string>>;
export type Feed = readonly FeedRow[];

const none: FeedRow = {};

/** The row of the n-th user; an empty one where there is no feed. */
export const rowOf = (feed: Feed, n: number): FeedRow => feed[n % Math.max(1, feed.length)] ?? none;

/** The column that a placeholder such as `feed.name` means; null: it is of no column that the feed has. */
export function feedColumn(placeholder: string, feed: Feed): string | null {
  const column = placeholder.startsWith('feed.') ? placeholder.slice('feed.'.length) : null;
  return column !== null && Object.hasOwn(feed[0] ?? none, column) ? column : null;
}

/** Placeholders of the columns, as `feed.<column>`. */
export const feedPlaceholders = (feed: Feed): string[] => Object.keys(feed[0] ?? none).map((name) => `feed.${name}`);

/** Number (from 1) of the first row whose cell no header can have, because a column that the text names has a line break there; null: none has. */
export function rowWithLineBreak(text: string, feed: Feed): number | null {
  const columns = placeholdersOf(text).flatMap((name) => feedColumn(name, feed) ?? []);
  const at = feed.findIndex((row) => columns.some((column) => /[\r\n]/.test(row[column] ?? '')));
  return at < 0 ? null : at + 1;
}

/** The rows of one of several fleets: its own, as long as there is one for each; otherwise all. */
export const feedOfFleet = <Row extends FeedRow>(feed: readonly Row[], n: number, fleets: number): Row[] =>
  feed.length < fleets ? [...feed] : feed.filter((_, at) => at % fleets === n);
