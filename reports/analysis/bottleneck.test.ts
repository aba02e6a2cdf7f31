import { expect, test } from 'vitest';
import type { Bottleneck } from '../../capacity/search/bottleneck.ts';
import { bottleneckInWords } from './bottleneck.ts';

const broken = ['Round trip p99 was 900 ms; the plan allows 500 ms.'];

test('a quota has the name that AWS gives it, with what it belongs to and how much it refused', () => {
  const bottleneck: Bottleneck = {
    kind: 'quota',
    ...{ quota: 'webSocketApiThrottle', scope: 'a1b2 ping', refusals: 1_234.5, refusalsBelow: 0.5 },
    others: [{ quota: 'lambdaThrottles', scope: 'message', refusals: 10 }],
    broken,
  };
  expect(bottleneckInWords(bottleneck, true)).toEqual({
    sentence:
      'WebSocket API stage throttle (a1b2 ping) refused 1,230 requests per trial beyond the limit, 0.5 below it.',
    evidence: [...broken, 'Lambda throttling (message) refused 10 per trial as well.'],
  });
});

test.each<[Bottleneck, string, string[]]>([
  [
    { kind: 'poller', queue: 'Inbox', concurrency: 2, oldestAgeSeconds: 12.34, broken },
    'The event source of Inbox ran all 2 batches that it may run at a time, and the queue grew.',
    [...broken, 'The oldest message waited 12.3 s.'],
  ],
  [
    { kind: 'machine', waitShare: 0.2, broken },
    'The machine of the local target: 20% of the invocations waited for one of its environments. AWS has no such limit.',
    broken,
  ],
  [
    { kind: 'handlerDuration', serves: 'message', function: 'Send', p99Ms: 800, roundTripP99Ms: 900, broken },
    'The function Send takes 800 ms (p99) of a round trip’s 900 ms.',
    broken,
  ],
  [
    { kind: 'handlerDuration', serves: 'queue', function: 'Deliver', p99Ms: 1_500, broken },
    'The function Deliver takes 1,500 ms (p99), and the queue does not grow: the time goes into the function.',
    broken,
  ],
  [
    { kind: 'generator', reason: 'Sends were 80 ms late.', broken: [] },
    'The load generator could not offer more: the target was not brought to its limit.',
    ['Sends were 80 ms late.'],
  ],
  [{ kind: 'unknown', broken }, 'No quota refused requests, and nothing was seen at its limit.', broken],
])('in words: %o', (bottleneck, sentence, evidence) => {
  expect(bottleneckInWords(bottleneck, true)).toEqual({ sentence, evidence });
});
