/** GetMetricData: all pages of any number of queries, with one result per query. */
import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';

/** Source: CloudWatch quotas, read 2026-11. */
const maxQueriesPerCall = 500;
/** InternalError is transient according to the API reference: the query is retried. */
const maxAttempts = 3;

export type QueryResult =
  | { kind: 'points'; points: [second: number, value: number][] }
  | { kind: 'failed'; reason: string };

interface Window {
  startSecond: number;
  endSecond: number;
}

export interface GetOptions extends Window {
  signal: AbortSignal;
  /** Points per page, to force paging. Default: CloudWatch's own, 100,800. */
  maxDatapointsPerPage?: number;
}

/** The results by the queries' ids. Rejects with the SDK's error when a call fails. */
export async function getAllMetricData(
  client: CloudWatchClient,
  queries: readonly MetricDataQuery[],
  options: GetOptions,
): Promise<Map<string, QueryResult>> {
  const results = new Map<string, QueryResult>();
  for (let first = 0; first < queries.length; first += maxQueriesPerCall) {
    let pending = queries.slice(first, first + maxQueriesPerCall);
    for (let attempt = 1; attempt <= maxAttempts && pending.length > 0; attempt++) {
      const answers = await getPages(client, pending, options);
      for (const query of pending) {
        const id = query.Id ?? '';
        results.set(id, resultOf(answers.get(id)));
      }
      // A permanent error (Forbidden) is not retried.
      pending = pending.filter(({ Id = '' }) => isTransient(answers.get(Id)?.status));
    }
  }
  return results;
}

interface Answer {
  points: [number, number][];
  /** Of the last page that had this query. */
  status: MetricDataResult['StatusCode'];
  messages: string[];
}

async function getPages(
  client: CloudWatchClient,
  queries: MetricDataQuery[],
  { startSecond, endSecond, signal, maxDatapointsPerPage }: GetOptions,
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const pages = paginateGetMetricData(
    { client },
    {
      MetricDataQueries: queries,
      StartTime: new Date(startSecond * 1_000),
      EndTime: new Date(endSecond * 1_000),
      ScanBy: 'TimestampAscending',
      ...(maxDatapointsPerPage !== undefined && { MaxDatapoints: maxDatapointsPerPage }),
    },
    { abortSignal: signal },
  );
  for await (const page of pages) for (const result of page.MetricDataResults ?? []) addPage(answers, result);
  return answers;
}

function addPage(answers: Map<string, Answer>, result: MetricDataResult): void {
  const id = result.Id ?? '';
  const answer = answers.get(id) ?? { points: [], status: undefined, messages: [] };
  result.Timestamps?.forEach((timestamp, index) => {
    const value = result.Values?.[index];
    if (value !== undefined) answer.points.push([Math.round(timestamp.getTime() / 1_000), value]);
  });
  answer.status = result.StatusCode;
  answer.messages.push(...(result.Messages ?? []).map((message) => `${message.Code}: ${message.Value}`));
  answers.set(id, answer);
}

/** PartialData after the last page is as transient as InternalError. */
function isTransient(status: Answer['status']): boolean {
  return status === 'InternalError' || status === 'PartialData';
}

/** Points of an incomplete answer are not used: a partial sum would be taken for the whole. */
function resultOf(answer: Answer | undefined): QueryResult {
  if (answer === undefined) return { kind: 'failed', reason: 'CloudWatch’s response did not include it' };
  if (answer.status !== undefined && answer.status !== 'Complete') {
    return { kind: 'failed', reason: [`CloudWatch returned ${answer.status}`, ...answer.messages].join('; ') };
  }
  return { kind: 'points', points: answer.points.toSorted(([a], [b]) => a - b) };
}
