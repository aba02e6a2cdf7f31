/** Refusals during a run: counted by quota on a local target; on AWS, what the services count as throttled. */
import { isQuotaId, quotaName } from '../../aws/quotas/table.ts';
import type { Refusals } from '../../capacity/search/bottleneck.ts';
import { refusedQuota } from '../../metrics/refusals.ts';
import type { Observation } from '../../record/observation.ts';
import { resourceIds, sumOfSeries } from './series.ts';

type Server = Observation['server'];

/** Most refusals first; empty: nothing was refused, or nothing was counted. */
export function refusalsOf(server: Server): Refusals[] {
  const counted = server.series.flatMap((series) => {
    const quota = refusedQuota(series.key);
    return quota === null ? [] : [{ ...quota, refusals: total(server, series.key) }];
  });
  const all = counted.length > 0 ? counted : throttledOnAws(server);
  return all.filter(({ refusals }) => refusals > 0).toSorted((a, b) => b.refusals - a.refusals);
}

/** `Lambda concurrent executions`; for what is not a quota of AWS, what refused. With its scope. */
export function refusalName({ quota, scope }: Pick<Refusals, 'quota' | 'scope'>): string {
  const name = isQuotaId(quota) ? quotaName(quota) : (otherNames.get(quota) ?? quota);
  return scope === null ? name : `${name} (${scope})`;
}

/** Throttles that AWS counts without their quota, and limits of a local target that AWS does not have. */
const otherNames = new Map([
  ['apiGatewayThrottles', 'API Gateway throttling'],
  ['lambdaThrottles', 'Lambda throttling'],
  ['dynamodbWriteThrottles', 'DynamoDB throttling of writes'],
  ['dynamodbReadThrottles', 'DynamoDB throttling of reads'],
  ['connectionsThrottles', 'API Gateway throttling of @connections calls'],
  ['machineConnections', 'The connection limit of this machine'],
  ['machineInvocations', 'The limit of this machine for waiting invocations'],
  ['clientBufferBytes', 'The buffer for a slow client'],
]);

/**
 * CloudWatch counts what a service throttled, but not by which of its quotas: these names are not quota ids. API Gateway has no
 * metric for throttles alone: its client errors hold them, so they are not among these.
 */
function throttledOnAws(server: Server): Refusals[] {
  return [
    ...resourceIds(server, 'lambda', 'throttles.sum').map((id) => ({
      quota: 'lambdaThrottles',
      scope: id,
      refusals: total(server, `lambda.${id}.throttles.sum`),
    })),
    ...tablesThrottled(server, 'dynamodbWriteThrottles', 'writeThrottles'),
    ...tablesThrottled(server, 'dynamodbReadThrottles', 'readThrottles'),
    { quota: 'connectionsThrottles', scope: null, refusals: total(server, 'loadline.pushesThrottled.sum') },
  ];
}

/** The scope is the table's only where there are several to tell apart. */
function tablesThrottled(server: Server, quota: string, kind: 'readThrottles' | 'writeThrottles'): Refusals[] {
  const ids = resourceIds(server, 'dynamodb', `${kind}.sum`);
  return ids.map((id) => ({
    quota,
    scope: ids.length === 1 ? null : id,
    refusals: total(server, `dynamodb.${id}.${kind}.sum`),
  }));
}

function total(server: Server, key: string): number {
  const sum = sumOfSeries(server, key);
  return sum.kind === 'value' ? sum.value : 0;
}
