/** Whether a subscription's filter policy lets a message pass. Source: SNS developer guide, "Amazon SNS subscription filter policies", read November 2026. Pure. */
import type { Json } from '../../template/template-error.ts';
import { passes } from '../events/event-pattern.ts';
import type { SubscriptionModel } from '../template/topics/topic.ts';
import type { MessageAttribute, Publication } from './message.ts';

export type FilterOutcome =
  | 'passes'
  | 'noMessageAttributes'
  | 'messageAttributes'
  | 'messageBody'
  | 'invalidMessageBody';

export function filtered(
  filter: SubscriptionModel['filter'],
  { message, attributes }: Pick<Publication, 'message' | 'attributes'>,
): FilterOutcome {
  if (filter === null) return 'passes';
  const { scope, policy } = filter;
  if (scope === 'body') {
    const body = objectIn(message);
    if (body === null) return 'invalidMessageBody';
    return passes([policy], body) ? 'passes' : 'messageBody';
  }
  if (passes([policy], valuesOf(attributes))) return 'passes';
  return Object.keys(attributes).length === 0 ? 'noMessageAttributes' : 'messageAttributes';
}

/** Binary attributes are not looked at. */
function valuesOf(attributes: Publication['attributes']): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, attribute]): [string, Json][] => {
      const value = jsonOf(attribute);
      return value === null ? [] : [[name, value]];
    }),
  );
}

function jsonOf({ DataType, StringValue = '' }: MessageAttribute): Json {
  if (DataType.startsWith('Number')) return Number(StringValue);
  if (DataType.startsWith('Binary')) return null;
  if (DataType !== 'String.Array') return StringValue;
  try {
    return JSON.parse(StringValue) as Json;
  } catch {
    return StringValue;
  }
}

function objectIn(message: string): object | null {
  try {
    const parsed: unknown = JSON.parse(message);
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return null;
  }
}
