/** Which queue a dead letter comes from: the attribute DeadLetterQueueSourceArn. Source: SQS API reference, ReceiveMessage, read November 2026. */
import type { SqsQueue, StoredMessage } from './fauxqs-store.ts';

const sources = new WeakMap<StoredMessage, string>();
const attribute = 'DeadLetterQueueSourceArn';

/** Modifies a queue that has just been created: whatever it gives up keeps its ARN. */
export function noteDeadLetters(queue: SqsQueue): void {
  const dequeue = queue.dequeue.bind(queue);
  queue.dequeue = (count, visibilityTimeout, deadLetterQueue) =>
    dequeue(
      count,
      visibilityTimeout,
      deadLetterQueue &&
        ((arn) => {
          const found = deadLetterQueue(arn);
          return found && noting(found, queue.arn);
        }),
    );
}

/** Only what fauxqs does with a dead-letter queue: put messages into it. */
function noting(deadLetters: SqsQueue, sourceArn: string): SqsQueue {
  return new Proxy(deadLetters, {
    get(target, property) {
      if (property === 'enqueue') {
        return (message: StoredMessage) => {
          sources.set(message, sourceArn);
          target.enqueue(message);
        };
      }
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Adds the attribute to the messages of a ReceiveMessage that asks for it. */
export function addDeadLetterSource(queue: SqsQueue, input: Readonly<Record<string, unknown>>, output: object): void {
  const asked = [input.AttributeNames, input.MessageSystemAttributeNames].flat();
  if (!asked.includes('All') && !asked.includes(attribute)) return;
  const messages: unknown = Reflect.get(output, 'Messages');
  if (!Array.isArray(messages)) return;
  for (const received of messages) {
    const stored = queue.inflightMessages.get(String(received.ReceiptHandle))?.message;
    const source = stored && sources.get(stored);
    if (source !== undefined) received.Attributes = { ...received.Attributes, [attribute]: source };
  }
}
