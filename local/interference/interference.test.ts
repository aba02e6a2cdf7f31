import { expect, test } from 'vitest';
import type { Call } from './fault-state.ts';
import { faultsFileSchema, type SetFault, setFaults } from './faults.ts';
import { type Decision, Interference } from './interference.ts';
import { namedLatencyProfile } from './latency-profile.ts';

const latency = namedLatencyProfile('none');
const getItem: Call = { service: 'dynamodb', operation: 'GetItem' };

function set(...faults: object[]): SetFault[] {
  return setFaults(faultsFileSchema.parse({ faults }).faults, { taken: [], seed: 7, nowMs: 0 });
}

function interferenceWith(faults: readonly SetFault[], process = 'test') {
  const clock = { nowMs: 0 };
  const interference = new Interference({ latency, seed: 7, faults }, { process, nowMs: () => clock.nowMs });
  return { interference, clock };
}

const kindOf = (decision: Decision | null) => decision?.effect?.kind ?? 'pass';
const fates = (interference: Interference, call: Call, count: number) =>
  Array.from({ length: count }, () => kindOf(interference.decide(call)));

test('without a profile and faults nothing is active', () => {
  const { interference } = interferenceWith([]);
  expect(interference.active).toBe(false);
  expect(interference.decide(getItem)).toBeNull();
  expect(interference.latencyMs('dynamodb', 'GetItem')).toBe(0);
  expect(interference.drain(0)).toEqual([]);
});

test('the same seed affects the same operations, regardless of the clock and of other faults', () => {
  const fault = { name: 'f', kind: 'error', service: 'dynamodb', share: 0.3 };
  const plain = interferenceWith(set(fault));
  const expected = fates(plain.interference, getItem, 200);
  const slow = interferenceWith(set(fault, { kind: 'latency', service: 'dynamodb', share: 0.5, delay: 1 }));
  const found = Array.from({ length: 200 }, () => {
    slow.clock.nowMs += 1_234;
    slow.interference.decide({ service: 'sqs', operation: 'SendMessage' });
    return kindOf(slow.interference.decide(getItem));
  });
  expect(found).toEqual(expected);
  expect(fates(interferenceWith(set({ ...fault, seed: 8 })).interference, getItem, 200)).not.toEqual(expected);
  expect(fates(interferenceWith(set(fault), 'other').interference, getItem, 200)).not.toEqual(expected);
});

test('a share of 0.3 affects 3,000 of 10,000 operations, within four standard errors (183)', () => {
  const { interference } = interferenceWith(set({ kind: 'error', service: 'dynamodb', share: 0.3 }));
  const met = fates(interference, getItem, 10_000).filter((kind) => kind === 'refuse').length;
  expect(Math.abs(met - 3_000)).toBeLessThan(183);
});

test('skip and most count operations, not seconds', () => {
  const { interference } = interferenceWith(set({ kind: 'error', service: 'dynamodb', skip: 2, most: 3 }));
  expect(fates(interference, getItem, 7)).toEqual(['pass', 'pass', 'refuse', 'refuse', 'refuse', 'pass', 'pass']);
});

test('it is active from its start to its end', () => {
  const { interference, clock } = interferenceWith(
    set({ kind: 'error', service: 'dynamodb', startSeconds: 10, durationSeconds: 5 }),
  );
  const at = (seconds: number) => {
    clock.nowMs = seconds * 1_000;
    return kindOf(interference.decide(getItem));
  };
  expect([0, 9.999, 10, 14.999, 15, 100].map(at)).toEqual(['pass', 'pass', 'refuse', 'refuse', 'pass', 'pass']);
  interference.close();
});

test('it affects only its service, its operations and its callers', () => {
  const { interference } = interferenceWith(
    set({ kind: 'error', service: 'dynamodb', operation: ['Put*', 'Query'], callers: 'functions' }),
  );
  const fate = (call: Call) => kindOf(interference.decide(call));
  expect(fate({ service: 'dynamodb', operation: 'PutItem', caller: 'functions' })).toBe('refuse');
  expect(fate({ service: 'dynamodb', operation: 'Query', caller: 'functions' })).toBe('refuse');
  expect(fate({ service: 'dynamodb', operation: 'GetItem', caller: 'functions' })).toBe('pass');
  expect(fate({ service: 'dynamodb', operation: 'PutItem', caller: 'others' })).toBe('pass');
  expect(fate({ service: 'dynamodb', operation: 'PutItem' })).toBe('pass');
  expect(fate({ service: 'sqs', operation: 'PutItem', caller: 'functions' })).toBe('pass');
});

test('delays add up; of mutually exclusive faults the first in the list wins, and only that one is counted', () => {
  const { interference } = interferenceWith(
    set(
      { name: 'slow', kind: 'latency', service: 'dynamodb', delay: 30 },
      { name: 'slower', kind: 'latency', service: 'dynamodb', delay: 12 },
      { name: 'cut', kind: 'partition', service: 'dynamodb' },
      { name: 'failing', kind: 'error', service: 'dynamodb' },
    ),
  );
  expect(interference.decide(getItem)).toMatchObject({ delayMs: 42, effect: { kind: 'lostRequest', way: 'hang' } });
  const fired = interference.drain(5_000);
  expect(fired.map(({ dimensions, values }) => [dimensions.Fault, values])).toEqual([
    ['slow', [1]],
    ['slower', [1]],
    ['cut', [1]],
  ]);
  expect(fired[0]).toMatchObject({
    namespace: 'Loadline/Local',
    name: 'FaultsFired',
    unit: 'Count',
    timestampMs: 5_000,
  });
  expect(interference.drain(6_000)).toEqual([]);
});

test('errors: the service’s own, one by name (400 unless said otherwise), a throttle', () => {
  const errorOf = (fault: object) => interferenceWith(set(fault)).interference.decide(getItem)?.effect;
  expect(errorOf({ kind: 'error', service: 'dynamodb' })).toMatchObject({
    throttled: false,
    error: { status: 500, type: 'com.amazonaws.dynamodb.v20120810#InternalServerError' },
  });
  expect(errorOf({ kind: 'error', service: 'dynamodb', error: 'ResourceNotFoundException' })).toMatchObject({
    error: { status: 400, type: 'ResourceNotFoundException' },
  });
  expect(errorOf({ kind: 'throttle', service: 'dynamodb' })).toMatchObject({
    throttled: true,
    error: { status: 400, type: 'com.amazon.coral.availability#ThrottlingException' },
  });
});

test('a lowered quota admits its burst, then its rate', () => {
  const { interference, clock } = interferenceWith(
    set({ kind: 'throttle', service: 'dynamodb', quota: { ratePerSecond: 10, burst: 5 } }),
  );
  expect(fates(interference, getItem, 8)).toEqual([...new Array(5).fill('pass'), 'refuse', 'refuse', 'refuse']);
  clock.nowMs = 300;
  expect(fates(interference, getItem, 4)).toEqual(['pass', 'pass', 'pass', 'refuse']);
});

test('messages, disconnects and connections are affected by their own kinds of faults only', () => {
  const { interference } = interferenceWith(
    set(
      { kind: 'duplicateDelivery', most: 1 },
      { kind: 'delayedDelivery', delaySeconds: 3 },
      { kind: 'lostDisconnect', share: 0 },
    ),
  );
  const receive: Call = { service: 'sqs', operation: 'ReceiveMessage' };
  expect(interference.decide(receive)).toBeNull();
  expect(interference.meets('duplicateDelivery', receive)?.kind).toBe('duplicateDelivery');
  expect(interference.meets('duplicateDelivery', receive)).toBeNull();
  expect(interference.meets('delayedDelivery', receive)?.delaySeconds).toBe(3);
  expect(interference.meets('lostDisconnect', { service: 'webSocketApi', operation: '$disconnect' })).toBeNull();
});

test('disconnect selects a share of the connections each round, the same ones for the same seed', () => {
  const fault = { kind: 'disconnect', share: 0.5, code: 1012, everySeconds: 10 };
  const { interference, clock } = interferenceWith(set(fault));
  const first = interference.disconnections(1_000);
  // 500, within four standard errors of 16.
  expect(Math.abs(first.size - 500)).toBeLessThan(64);
  expect([...first.values()][0]).toEqual({ way: 'close', code: 1012 });
  expect(interference.disconnections(1_000).size).toBe(0);
  expect([...interferenceWith(set(fault)).interference.disconnections(1_000).keys()]).toEqual([...first.keys()]);
  clock.nowMs = 10_000;
  expect([...interference.disconnections(1_000).keys()]).not.toEqual([...first.keys()]);
  const once = interferenceWith(set({ kind: 'disconnect' }));
  expect(once.interference.disconnections(3).size).toBe(3);
  once.clock.nowMs = 60_000;
  expect(once.interference.disconnections(3).size).toBe(0);
});

test('a fault that stays keeps its state, and a cleared one has ended', async () => {
  const kept = set({ name: 'kept', kind: 'error', service: 'dynamodb', most: 2 });
  const cut = set({ name: 'cut', kind: 'partition', service: 'sqs' });
  const { interference } = interferenceWith([...kept, ...cut]);
  interference.decide(getItem);
  const lost = interference.decide({ service: 'sqs', operation: 'SendMessage' })?.effect;
  interference.setFaults(kept);
  await (lost?.kind === 'lostRequest' ? lost.ended : Promise.reject(new Error('was not lost')));
  expect(fates(interference, getItem, 3)).toEqual(['refuse', 'pass', 'pass']);
  interference.setFaults([]);
  expect(interference.active).toBe(false);
});

test('names: as given, else kind and service, and always unique', () => {
  const names = set(
    { kind: 'error', service: 'sqs' },
    { kind: 'error', service: 'sqs' },
    { kind: 'error', service: 'sqs', name: 'mine' },
  ).map(({ name }) => name);
  expect(names).toEqual(['error sqs', 'error sqs 2', 'mine']);
});

test('a failover takes as long as is said, else 20 to 35 s by its seed in the time of the target', () => {
  const faults = (fault: object, timeScale?: number) =>
    setFaults(faultsFileSchema.parse({ faults: [{ kind: 'failover', ...fault }] }).faults, {
      ...{ taken: [], seed: 7, nowMs: 0 },
      ...(timeScale !== undefined && { timeScale }),
    })[0]?.durationSeconds;
  expect(faults({ durationSeconds: 3 }, 10)).toBe(3);
  const drawn = faults({}) ?? 0;
  expect(drawn).toBeGreaterThanOrEqual(20);
  expect(drawn).toBeLessThanOrEqual(35);
  expect(faults({}, 10)).toBeCloseTo(drawn / 10, 1);
  expect(faults({ seed: 8 })).not.toBe(drawn);
});

test('a failover of a database begins and ends by the clock, for those that it names, and fires once', () => {
  const { interference, clock } = interferenceWith(
    set({ kind: 'failover', name: 'f', operation: 'database', startSeconds: 2, durationSeconds: 3 }),
  );
  const at = (nowMs: number) => {
    clock.nowMs = nowMs;
    return [interference.failover('database'), interference.failover('other')];
  };
  expect([at(1_999), at(2_000), at(4_999), at(5_000)]).toEqual([
    [null, null],
    ['cut', null],
    ['cut', null],
    [null, null],
  ]);
  expect(interference.drain(0)).toMatchObject([{ dimensions: { Fault: 'f' }, values: [1] }]);
  // No request of another service.
  expect(interference.decide(getItem)).toBeNull();
});

test('a table that fails over answers with 500 and 503', () => {
  const { interference } = interferenceWith(set({ kind: 'failover', service: 'dynamodb', durationSeconds: 3 }));
  const statuses = Array.from({ length: 100 }, () => {
    const effect = interference.decide(getItem)?.effect;
    return effect?.kind === 'refuse' ? effect.error.status : 0;
  });
  expect(new Set(statuses)).toEqual(new Set([500, 503]));
  expect(interference.failover('database')).toBeNull();
});
