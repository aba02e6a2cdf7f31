import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EnvironmentResult } from '../lambda/environment.ts';
import { type FaultsFile, faultsFileSchema, setFaults } from './faults.ts';
import { Interference } from './interference.ts';
import { crashing, fateOf } from './invocation-interference.ts';
import { namedLatencyProfile } from './latency-profile.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** An environment whose handler takes 20 ms, and fails like a terminated thread if terminated earlier. */
function environmentOf20Ms() {
  const calls: string[] = [];
  let end = () => {};
  return {
    calls,
    invoke(requestId: string): Promise<EnvironmentResult> {
      calls.push(`invoke ${requestId}`);
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          calls.push('done');
          resolve({ kind: 'ok', payload: '{}', durationMs: 20 });
        }, 20);
        end = () => {
          clearTimeout(timer);
          const error = { errorType: 'Runtime.ExitError', errorMessage: 'ended' };
          resolve({ kind: 'functionError', cause: 'crash', error, durationMs: 0 });
        };
      });
    },
    async terminate() {
      calls.push('terminate');
      end();
    },
  };
}

const event = { requestId: 'r1', payload: '{}' };

async function crashed(when: 'before' | 'during' | 'after' | 'answered', afterMs = 5) {
  const environment = environmentOf20Ms();
  const result = crashing(environment, { kind: 'crash', when, afterMs }, event);
  await vi.advanceTimersByTimeAsync(100);
  return { calls: environment.calls, result: await result };
}

test.each([
  ['before', ['terminate']],
  ['during', ['invoke r1', 'terminate', 'terminate']],
  ['after', ['invoke r1', 'done', 'terminate']],
] as const)('a crash %s the handler fails the event', async (when, expected) => {
  const { calls, result } = await crashed(when);
  expect(calls).toEqual(expected);
  expect(result).toMatchObject({
    kind: 'functionError',
    cause: 'crash',
    error: {
      errorType: 'Runtime.ExitError',
      errorMessage: 'RequestId: r1 Error: Runtime exited with error: signal: killed',
    },
  });
});

test('a handler that finishes before its crash is due loses its response', async () => {
  const { calls, result } = await crashed('during', 50);
  expect(calls).toEqual(['invoke r1', 'done', 'terminate']);
  expect(result.kind).toBe('functionError');
});

test('an environment that ends after its response loses nothing', async () => {
  const { calls, result } = await crashed('answered');
  expect(calls).toEqual(['invoke r1', 'done', 'terminate']);
  expect(result).toEqual({ kind: 'ok', payload: '{}', durationMs: 20 });
});

test('the fate of an invocation: null without interference; delays, throttles and errors by function name', () => {
  const interferenceWith = (...faults: object[]) => {
    const file: FaultsFile = faultsFileSchema.parse({ faults });
    return new Interference(
      {
        latency: namedLatencyProfile('none'),
        seed: 1,
        faults: setFaults(file.faults, { taken: [], seed: 1, nowMs: 0 }),
      },
      { process: 'gateway', nowMs: () => 0 },
    );
  };
  expect(fateOf(interferenceWith(), 'f')).toBeNull();
  const delay = { kind: 'latency', service: 'lambda', operation: '*deliver*', delay: 30 };
  expect(fateOf(interferenceWith(delay), 'Stack-Deliver-1')).toEqual({
    delayMs: 30,
    throttled: false,
    error: null,
    crash: null,
  });
  expect(fateOf(interferenceWith(delay), 'Stack-Connect-1')).toMatchObject({ delayMs: 0 });
  expect(fateOf(interferenceWith(delay, { kind: 'throttle', service: 'lambda' }), 'Stack-Deliver-1')).toMatchObject({
    delayMs: 0,
    throttled: true,
  });
  const error = { kind: 'error', service: 'lambda', error: 'Boom', message: 'on purpose' };
  expect(fateOf(interferenceWith(error), 'f')).toMatchObject({
    error: { errorType: 'Boom', errorMessage: 'on purpose' },
  });
});
