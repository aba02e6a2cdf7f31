import { describe, expect, test } from 'vitest';
import { resolveLimits } from '../quota/resolve-limits.ts';
import { GatewayThrottles } from './throttles.ts';

const bucket = (burst: number) => ({ ratePerSecond: 0.001, burst });

function throttlesOf(bursts: { account: number; connections: number; route: number }) {
  const limits = resolveLimits({ accountThrottle: bucket(bursts.account), newConnections: bucket(bursts.connections) });
  const refused: string[] = [];
  const throttles = new GatewayThrottles(limits, { count: (quota) => refused.push(quota) }, 0);
  throttles.addRoute({ apiId: 'api', routeKey: '$connect', quota: 'webSocketApiThrottle' }, bucket(bursts.route), 0);
  return { throttles, refused };
}

/** How many of ten there were. */
const taken = (take: () => boolean) => Array.from({ length: 10 }, take).filter(Boolean).length;

describe('a refusal by one quota takes no token of another', () => {
  test("a handshake over the account throttle does not consume the new-connections quota or the route's", () => {
    const { throttles, refused } = throttlesOf({ account: 2, connections: 6, route: 8 });
    expect(taken(() => throttles.takeHandshake('api', 0))).toBe(2);
    expect(refused).toEqual(Array(8).fill('accountThrottle'));
    // The account's refusals did not consume connections: with those 16 the bucket of 6 would be empty.
    expect(taken(() => throttles.takeHandshake('api', 2_000_000))).toBe(2);
    expect(taken(() => throttles.takeHandshake('api', 4_000_000))).toBe(2);
    expect(refused.filter((quota) => quota !== 'accountThrottle')).toEqual([]);
  });

  test("a handshake over the new-connections quota does not consume the account's", () => {
    const { throttles, refused } = throttlesOf({ account: 8, connections: 3, route: 9 });
    expect(taken(() => throttles.takeHandshake('api', 0))).toBe(3);
    expect(refused).toEqual(Array(7).fill('newConnections'));
    expect(taken(() => throttles.takeAccount(0))).toBe(5);
  });

  test("a request over the account throttle does not consume its route's", () => {
    const { throttles, refused } = throttlesOf({ account: 2, connections: 1, route: 5 });
    expect(taken(() => throttles.takeRequest('api', '$connect', 0))).toBe(2);
    expect(refused).toEqual(Array(8).fill('accountThrottle'));
    // In 3,000,000 ms the account has 2 tokens again, and the route 3 + 3, at most 5.
    expect(taken(() => throttles.takeRequest('api', '$connect', 3_000_000))).toBe(2);
    expect(refused.filter((quota) => quota === 'webSocketApiThrottle')).toEqual([]);
  });

  test('each refusal is counted once, for the first quota that has none left', () => {
    const { throttles, refused } = throttlesOf({ account: 1, connections: 1, route: 1 });
    taken(() => throttles.takeHandshake('api', 0));
    expect(refused).toEqual(Array(9).fill('newConnections'));
  });
});
