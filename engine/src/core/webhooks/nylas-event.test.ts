import { expect, test } from 'vitest';
import { messageCreatedBody, signWebhook } from './nylas-event.ts';

test('a webhook signature is the HMAC-SHA256 of RFC 4231, test case 2, in lower-case hex', () => {
  const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
  expect(signWebhook('what do ya want for nothing?', 'Jefe')).toBe(expected);
});

test.each([2_048, 4_096, 65_537])(
  'a webhook of %i bytes has that size and the fields that the stack needs',
  (bytes) => {
    const body = messageCreatedBody({ eventId: 'e-1', grantId: 'u-1', timeSeconds: 1_787_827_767, bytes, attempt: 2 });
    expect(body.length).toBe(bytes);
    expect(JSON.parse(body.toString())).toMatchObject({
      specversion: '1.0',
      id: 'e-1',
      type: 'message.created',
      time: 1_787_827_767,
      webhook_delivery_attempt: 2,
      data: { object: { grant_id: 'u-1', object: 'message' } },
    });
  },
);
