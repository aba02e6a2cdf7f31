/** High throughput of a FIFO queue, before its ordinary one is used up. */
import { quotaFact } from '../../aws/quotas/table.ts';
import type { FedQueue } from '../headroom/deployment.ts';
import { inRegion } from '../headroom/quotas.ts';
import { type Context, type Draft, demandOf, restated, targetUtilisation, urgency } from './recommendation-terms.ts';
import { idOf } from './recommended-queue.ts';

/** FifoThroughputLimit of a queue that is ordinary and has little room left; AWS charges nothing for it. */
export function fifoThroughput(context: Context, queue: FedQueue): Draft[] {
  const { deployment, projection, date } = context;
  const rowId = idOf(context, queue, 'sqsFifoRequests');
  const row = demandOf(context, rowId);
  if (!queue.isFifo || queue.isHighThroughput || !row || row.value <= targetUtilisation * row.quota.limit) return [];
  const highest = inRegion('sqsFifoHighThroughput', deployment.region);
  return [
    {
      ...urgency(projection, [rowId]),
      id: idOf(context, queue, 'sqs.fifoThroughput'),
      subject: `FifoThroughputLimit of ${queue.id}`,
      unit: '',
      value: 'perMessageGroupId',
      present: 'perQueue',
      setting: null,
      kind: 'set',
      change: {
        settings: { queues: { [queue.id]: { isHighThroughput: true } } },
        quotas: restated(context, { [rowId]: highest }),
      },
      facts: {
        of: 'fifoThroughput',
        queue: queue.id,
        messagesPerSecond: row.value,
        date,
        ordinary: quotaFact('sqsFifoRequests').default,
        highest,
        region: deployment.region,
      },
    },
  ];
}
