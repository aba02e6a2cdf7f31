/** What a local target's quotas refused: a series for each quota that ever did, by listing the metric that they count in. */
import { type CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import type { StackGraph } from '../graph/model.ts';
import type { MeasuredTarget } from '../record/target.ts';
import type { SeriesQuery } from './series-query.ts';

const namespace = 'Loadline/Local';
const metric = 'QuotaRefusals';
const prefix = 'local.quotaRefusals ';
const suffix = '.sum';

/** None on AWS, which has no such metric. Rejects when the target does not answer. */
export async function refusalQueries(
  client: CloudWatchClient,
  { kind, graph }: Pick<MeasuredTarget, 'kind' | 'graph'>,
  signal: AbortSignal,
): Promise<SeriesQuery[]> {
  if (kind === 'aws') return [];
  const queries: SeriesQuery[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(
      new ListMetricsCommand({
        Namespace: namespace,
        MetricName: metric,
        ...(next !== undefined && { NextToken: next }),
      }),
      { abortSignal: signal },
    );
    for (const { Dimensions = [] } of page.Metrics ?? []) {
      const quota = Dimensions.find(({ Name }) => Name === 'Quota')?.Value;
      if (quota !== undefined) queries.push(queryOf(quota, graph));
    }
    next = page.NextToken;
  } while (next !== undefined);
  return queries;
}

const queryOf = (quota: string, graph: StackGraph): SeriesQuery => ({
  key: `${prefix}${inLogicalIds(quota, graph)}${suffix}`,
  namespace,
  metric,
  dimensions: { Quota: quota },
  unit: 'Count',
  statistic: 'Sum',
  span: 'periods',
});

/** `reservedConcurrency chat-Send-1a2b` → `reservedConcurrency Send`. A scope that is nothing of the stack stays as it is. */
export function inLogicalIds(
  quotaAndScope: string,
  { apis, functions, queues, tables, topics = [], eventBuses = [], rules = [] }: StackGraph,
): string {
  const [quota = '', name, ...rest] = quotaAndScope.split(' ');
  if (name === undefined) return quota;
  const id =
    [...functions, ...queues, ...topics, ...eventBuses, ...rules, ...tables].find((each) => each.name === name)?.id ??
    apis.find(({ apiId }) => apiId === name)?.id;
  return [quota, id ?? name, ...rest].join(' ');
}

/** The quota's id and scope, from the key of such a series; null for other series. */
export function refusedQuota(key: string): { quota: string; scope: string | null } | null {
  if (!key.startsWith(prefix) || !key.endsWith(suffix)) return null;
  const [quota = '', ...scope] = key.slice(prefix.length, -suffix.length).split(' ');
  return { quota, scope: scope.length === 0 ? null : scope.join(' ') };
}
