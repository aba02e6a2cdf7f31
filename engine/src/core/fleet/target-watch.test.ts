import { describe, expect, test } from 'vitest';
import { type FleetSituation, TargetWatch } from './target-watch.ts';

const fine: FleetSituation = {
  phase: 'steady',
  plannedConnections: 1_000,
  openConnections: 1_000,
  opened: 1_000,
  failed: 0,
  lastFailure: '',
  lastClose: null,
  isReconnecting: false,
};
const url = 'ws://target';

test('a fleet with connections continues, however many have failed', () => {
  expect(new TargetWatch(url).judge({ ...fine, opened: 1, openConnections: 1, failed: 999 }, 0)).toBeNull();
});

describe('a target that accepts no connection', () => {
  const none = { ...fine, phase: 'connecting', opened: 0, openConnections: 0, lastFailure: 'ECONNREFUSED' } as const;
  test('is given up after 50 failures, with the reason of the last', () => {
    expect(new TargetWatch(url).judge({ ...none, failed: 49 }, 0)).toBeNull();
    expect(new TargetWatch(url).judge({ ...none, failed: 50 }, 0)).toMatch(
      /50 of 50 failed, the last with ECONNREFUSED\./,
    );
  });
  test('or after all connects of a smaller fleet', () => {
    expect(new TargetWatch(url).judge({ ...none, plannedConnections: 3, failed: 3 }, 0)).toContain('3 of 3 failed');
  });
});

test.each([
  ['401', 'the last with HTTP 401. The target does not accept the token'],
  ['403', 'does not accept the token or the credentials, or wants some'],
  ['302', 'It redirects'],
  ['426', 'It wants another protocol'],
  ['503', 'look into its log'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'use ws:// in place of wss://'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS'],
  ['CERT_HAS_EXPIRED', 'not valid today'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'another host name'],
  ['ENOTFOUND', 'No address is known for that host'],
  ['timed out', 'Nothing answers there'],
  ['ECONNRESET', 'whether it wants TLS'],
  ['429', 'lower the connect rate'],
  ['404', 'It answers HTTP 404 instead of a WebSocket upgrade'],
  ['upgrade answer: status line', 'does not speak WebSocket'],
  ['ECONNREFUSED', 'Check that the target is running'],
])('after %s the sentence says what to check, and never includes the query of the URL', (lastFailure, advice) => {
  const none = { ...fine, phase: 'connecting', opened: 0, openConnections: 0, failed: 50, lastFailure } as const;
  const sentence = new TargetWatch('ws://target/prod?token=secret').judge(none, 0);
  expect(sentence).toContain(advice);
  expect(sentence).toContain('No connection to ws://target/prod could be opened');
});

describe('a target that closed every connection', () => {
  const alone = { ...fine, openConnections: 0 };
  test('is given up after 3 s without a connection', () => {
    const watch = new TargetWatch(url);
    expect(watch.judge(alone, 10e6)).toBeNull();
    expect(watch.judge(alone, 12.9e6)).toBeNull();
    expect(watch.judge(alone, 13e6)).toContain('The target is gone: all 1000 connections');
  });
  test('is not given up while its clients are reconnecting', () => {
    const watch = new TargetWatch(url);
    watch.judge({ ...alone, isReconnecting: true }, 10e6);
    expect(watch.judge({ ...alone, isReconnecting: true }, 20e6)).toBeNull();
  });
  test('is not given up if a connection is open in between, or when the load is over', () => {
    const watch = new TargetWatch(url);
    watch.judge(alone, 10e6);
    watch.judge(fine, 11e6);
    expect(watch.judge(alone, 13e6)).toBeNull();
    expect(watch.judge({ ...alone, phase: 'closing' }, 17e6)).toBeNull();
  });
});
