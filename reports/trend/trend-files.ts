/** Everything that is made of a history, by file name. Pure. */
import type { JudgedHistory } from '../../history/judged-history.ts';
import { renderBadge } from './badge.ts';
import { renderComment } from './comment.ts';
import { bencherMetrics } from './formats/bencher.ts';
import { githubBenchmarks } from './formats/github-benchmark.ts';
import { newestValues } from './formats/newest-values.ts';
import { openMetricsText } from './formats/open-metrics.ts';
import { otavaCsv, otavaJson, otavaTables } from './formats/otava.ts';
import { renderTrendPage } from './trend-page.ts';
import type { TrendContext } from './words.ts';

export const trendPageName = 'trend.html';
export const commentName = 'comment.md';

/** `madeAt`: ISO 8601, UTC. */
export function trendFiles(history: JudgedHistory, context: TrendContext, madeAt: string): Map<string, string> {
  const values = newestValues(history);
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    [trendPageName, renderTrendPage(history, context, madeAt)],
    [commentName, renderComment(history, context)],
    ['badge.svg', renderBadge(history)],
    ['bencher.json', json(bencherMetrics(values))],
    ['smaller-is-better.json', json(githubBenchmarks(values, 'smaller'))],
    ['bigger-is-better.json', json(githubBenchmarks(values, 'bigger'))],
    ['openmetrics.txt', openMetricsText(values)],
    ...otavaTables(history).flatMap((table): [string, string][] => [
      [`otava-${table.entry}.json`, json(otavaJson(table))],
      [`otava-${table.entry}.csv`, otavaCsv(table)],
    ]),
  ]);
}
