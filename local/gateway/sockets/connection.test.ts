import { describe, expect, test } from 'vitest';
import { disconnectCause, expiryCause, failureCause } from './connection.ts';

const lifetimeClose = { code: 4_000, reason: 'too old' };
const dropClose = { code: 1_006, reason: 'Connection Closed Abnormally' };
const limits = { webSocketIdleMs: 600_000, webSocketLifetimeMs: 7_200_000, assumptions: { lifetimeClose } };

describe('expiry', () => {
  test('an idle connection ends at ten minutes, counted from the last data', () => {
    expect(expiryCause({ connectedAtMs: 0, lastActiveAtMs: 1_000 }, limits, 600_999)).toBeNull();
    expect(expiryCause({ connectedAtMs: 0, lastActiveAtMs: 1_000 }, limits, 601_000)).toEqual({
      code: 1001,
      reason: 'Going away',
    });
  });

  test('a busy connection ends at two hours', () => {
    expect(expiryCause({ connectedAtMs: 0, lastActiveAtMs: 7_199_999 }, limits, 7_199_999)).toBeNull();
    expect(expiryCause({ connectedAtMs: 0, lastActiveAtMs: 7_199_999 }, limits, 7_200_000)).toEqual(lifetimeClose);
  });
});

test.each([
  [1005, '', 'Client-side close frame status not set'],
  [1006, '', 'Connection Closed Abnormally'],
  [1001, '', ''],
  [4000, 'bye', 'bye'],
])('a close with %d reaches $disconnect as %j', (code, reason, expected) => {
  expect(disconnectCause(code, reason, { dropClose })).toEqual({ code, reason: expected });
});

test.each([
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', { code: 1009, reason: '' }],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', { code: 1009, reason: '' }],
  ['WS_ERR_INVALID_UTF8', { code: 1007, reason: '' }],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', { code: 1008, reason: '' }],
  ['WS_ERR_EXPECTED_MASK', { code: 1002, reason: '' }],
  ['ECONNRESET', null],
])('a failure with %s reaches $disconnect as %j', (code, cause) => {
  expect(failureCause(Object.assign(new Error('failed'), { code }))).toEqual(cause);
});
