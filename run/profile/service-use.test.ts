import { expect, test } from 'vitest';
import { profileOf } from '../../capacity/profile/profile.ts';
import { referenceGraph } from '../../graph/reference.fixture.ts';
import type { Series } from '../../record/observation.ts';
import { exampleObservation, noData, seriesOf } from '../../reports/example-observation.fixture.ts';
import { figuresOf } from './figures.ts';
import { serviceUse, withoutIdle } from './service-use.ts';
import { connectionPhases, phaseOf } from './stretches.ts';

const graph = {
  ...referenceGraph(),
  services: [{ id: 'service', name: 's', cluster: 'c', tasks: 2, cpuUnits: 1_024, memoryMb: 2_048 }],
};
const base = 100e6;
const seconds = Array.from({ length: 70 }, (_, n) => n);
/** 20 connections a second for 5 s, held until second 69. */
const openAt = (second: number) => (second < 5 ? 20 * (second + 1) : second < 69 ? 100 : 0);
/** Of a task: 2 of them, 20 KB for each connection; 5 ms/s of CPU each whatever happens, and 2 ms for a connect. */
const memory = seriesOf(
  'ecs.service.memoryBytes.avg',
  seconds.map((second) => [second, base + (openAt(second) / 2) * 20_000]),
);
const cpu = (ofSecond: (second: number) => number) =>
  seriesOf(
    'ecs.service.processorMicros.sum',
    seconds.map((second) => [second, 10_000 + ofSecond(second) * 1_000]),
  );
const observe = (series: Series[]) => exampleObservation({ series });

test('what one more connection holds is what memory grew by while they came, of all tasks', () => {
  const use = serviceUse(observe([memory, cpu((second) => (second < 5 ? 40 : 0))]), graph);
  expect(use).toMatchObject({ id: 'service', tasks: 2, idleCpuMsPerSecond: expect.closeTo(5, 6) });
  expect(use?.bytesPerConnection).toMatchObject({ kind: 'value', value: 20_000, units: 80 });
  expect(use?.baseBytes).toBeCloseTo(base, 0);
});

test('memory that grew unevenly has an interval', () => {
  const uneven = seriesOf(
    'ecs.service.memoryBytes.avg',
    seconds.map((second) => [second, base + (openAt(second) / 2) * 20_000 + (second % 2) * 100_000]),
  );
  const use = serviceUse(observe([uneven, cpu(() => 0)]), graph);
  expect(use?.bytesPerConnection.kind === 'value' && use.bytesPerConnection.margin).toBeGreaterThan(1_000);
});

test('memory that was not measured is not 0, and a stack without a service, or on AWS, has none', () => {
  const use = serviceUse(observe([noData('ecs.service.memoryBytes.avg'), cpu(() => 0)]), graph);
  expect(use).toMatchObject({ baseBytes: null, bytesPerConnection: { kind: 'unknown' } });
  expect(serviceUse(observe([memory]), graph)).toBeNull();
  expect(serviceUse(observe([memory, cpu(() => 0)]), referenceGraph())).toBeNull();
});

test('what tasks do unasked is no connect’s and no message’s, and code that is not warm yet is not counted', () => {
  const entered = { webSocket: null, webhook: null };
  const connecting = observe([memory, cpu((second) => (second < 5 ? 40 : 0))]);
  const use = serviceUse(connecting, graph);
  // 10 messages a second of 1 ms each, and of 5 ms in the first quarter of the steady state.
  const messages = observe([cpu((second) => (second >= 5 && second < 65 ? (second < 19 ? 50 : 10) : 0))]);
  const withMessages = {
    ...messages,
    client: {
      ...messages.client,
      seconds: messages.client.seconds.map((each) => ({
        ...each,
        counters: { ...each.counters, connectsOpened: 0, closesRequested: 0, webhooksAccepted: 0, pushesDelivered: 0 },
      })),
    },
  };
  const figures = figuresOf(
    profileOf([
      ...connectionPhases(withoutIdle(connecting, use), entered).slice(0, 1),
      phaseOf('message', withoutIdle(withMessages, use), {
        entered,
        keys: { message: ['message'], webhook: ['webhook'] },
      }),
    ]),
  );
  const ofTasks = figures.find(({ service }) => service === 'ecs');
  expect(ofTasks).toMatchObject({ resource: 'service', figure: 'cpuMs' });
  expect(ofTasks?.costs.message).toMatchObject({ kind: 'value', value: expect.closeTo(1, 1) });
});
