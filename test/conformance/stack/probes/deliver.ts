/** The queue's consumer: records each batch, and ends as its messages specify. */
import { setTimeout as sleep } from 'node:timers/promises';
import { observe } from './observe.ts';

/** `end` of any message applies to the whole batch; `fail` only to the message. */
interface Order {
  key: string;
  end?: 'throw' | 'unknownId' | 'emptyId' | 'noList';
  fail?: boolean;
  waitMs?: number;
}

interface SqsRecord {
  messageId: string;
  body: string;
  attributes: { ApproximateReceiveCount: string };
}

export async function handler(event: { Records: SqsRecord[] }): Promise<unknown> {
  const orders = event.Records.map((record) => ({ record, order: JSON.parse(record.body) as Order }));
  const waitMs = Math.max(0, ...orders.map(({ order }) => order.waitMs ?? 0));
  if (waitMs > 0) await sleep(waitMs);
  for (const { record, order } of orders) {
    const { ApproximateReceiveCount } = record.attributes;
    await observe(order.key, `${record.messageId} ${ApproximateReceiveCount}`, event);
  }
  switch (orders.find(({ order }) => order.end !== undefined)?.order.end) {
    case 'throw':
      throw new Error('thrown on purpose');
    case 'unknownId':
      return { batchItemFailures: [{ itemIdentifier: 'unknown' }] };
    case 'emptyId':
      return { batchItemFailures: [{ itemIdentifier: '' }] };
    case 'noList':
      return null;
    default:
      return {
        batchItemFailures: orders
          .filter(({ order }) => order.fail === true)
          .map(({ record }) => ({ itemIdentifier: record.messageId })),
      };
  }
}
