import { expect, test } from 'vitest';
import type { TargetInput } from '../template/events/rule.ts';
import { targetText } from './target-input.ts';

const event = {
  ...{ version: '0' as const, id: 'e-1', 'detail-type': 'Order placed', source: 'shop', account: '000000000000' },
  ...{ time: '2026-11-27T10:00:00Z', region: 'us-east-1', resources: [] },
  detail: { order: { id: 'o"1', total: 12 }, lines: ['a', 'b'] },
};
const rule = { arn: 'arn:aws:events:us-east-1:000000000000:rule/R', name: 'R' };
const text = (input: TargetInput) => targetText(input, event, { rule, ingestedAt: '2026-11-27T10:00:01Z' });
const transformed = (template: string) =>
  text({
    kind: 'transformer',
    paths: { id: '$.detail.order.id', order: '$.detail.order', gone: '$.detail.gone' },
    template,
  });

test('the event, a part of it, or a text of its own', () => {
  expect(JSON.parse(text({ kind: 'event' }))).toEqual(event);
  expect(text({ kind: 'path', path: '$.detail.lines[1]' })).toBe('"b"');
  expect(text({ kind: 'constant', text: '{"a":1}' })).toBe('{"a":1}');
});

test('a template takes values as JSON, and within quotes as text', () => {
  expect(
    JSON.parse(transformed('{"id": <id>, "order": <order>, "note": "order <id> by <aws.events.rule-name>"}')),
  ).toEqual({
    ...{ id: 'o"1', order: { id: 'o"1', total: 12 }, note: 'order o"1 by R' },
  });
  expect(transformed('"rule <aws.events.rule-arn> at <aws.events.event.ingestion-time>"')).toBe(
    `"rule ${rule.arn} at 2026-11-27T10:00:01Z"`,
  );
});

test('what is not in the event is an empty text; the event itself is a variable, with and without its detail', () => {
  expect(transformed('{"gone": <gone>, "unknown": "x<other>"}')).toBe('{"gone": "", "unknown": "x"}');
  expect(JSON.parse(transformed('{"all": <aws.events.event.json>}'))).toEqual({ all: event });
  const { detail: _, ...rest } = event;
  expect(JSON.parse(transformed('{"all": <aws.events.event>}'))).toEqual({ all: rest });
});
