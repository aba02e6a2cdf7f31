/** What tests of tabs have seen, judged and as the rows of one table. */
import { expect } from 'vitest';
import type { Told } from './site.ts';

interface Row {
  test: string;
  tabs: number;
  events: number;
  missed: number;
  twice: number;
  /** From when it could have been back until it was, the slowest tab; null: it was never away. */
  backSeconds: number | null;
}

/** A tab, as far as it is watched. */
export interface Watched {
  /** Waits until what it was told is so. */
  until(what: string): Promise<Told>;
}

export class Seen {
  readonly #rows: Row[] = [];

  /** Every event is told, once, to each tab of its owner, or loaded with everything after a gap. `sent`: ids of the tab's user. `gaps`: how often each is told that events may be missing. */
  async allOnce(
    test: string,
    tabs: readonly { tab: Watched; sent: readonly string[] }[],
    { backSeconds, gaps = 0 }: { backSeconds: number | null; gaps?: number },
  ): Promise<void> {
    const row: Row = { test, tabs: tabs.length, events: 0, missed: 0, twice: 0, backSeconds };
    const toldGaps: number[] = [];
    for (const { tab, sent } of tabs) {
      const told = await tab.until(`new Set([...events, ...loaded]).size >= ${sent.length}`);
      row.events += sent.length;
      row.missed += sent.filter((id) => !told.events.includes(id) && !told.loaded.includes(id)).length;
      row.twice += told.events.length - new Set(told.events).size;
      toldGaps.push(told.gaps);
    }
    this.#rows.push(row);
    expect(row).toMatchObject({ missed: 0, twice: 0 });
    expect(toldGaps).toEqual(tabs.map(() => gaps));
  }

  /** As the table of docs/client.md. */
  table(): string {
    return this.#rows
      .map(
        ({ test, tabs, events, missed, twice, backSeconds }) =>
          `| ${test} | ${tabs} | ${events} | ${missed} | ${twice} | ${backSeconds === null ? 'never away' : `${backSeconds.toFixed(1)} s`} |`,
      )
      .join('\n');
  }
}

/** How long it takes until all tabs are told so, in seconds. */
export async function secondsUntil(tabs: readonly Watched[], what: string): Promise<number> {
  const startedAtMs = performance.now();
  await Promise.all(tabs.map((tab) => tab.until(what)));
  return (performance.now() - startedAtMs) / 1_000;
}
