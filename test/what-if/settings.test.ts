/** The settings of any stack, not only of the reference stack. */
import { expect, test } from 'vitest';
import { answerTo, inputsOf, stackOf, type WhatIfBase } from '../../reports/what-if/answer.ts';
import { type Inputs, withValue } from '../../reports/what-if/control.ts';
import { controlsOf } from '../../reports/what-if/controls.ts';
import { problemsOf } from '../../reports/what-if/problems.ts';
import { fragmentOf, readFragment } from '../../reports/what-if/scenario.ts';
import { exampleBase } from './example-inputs.fixture.ts';

/** Somebody else's stack: two queues, of whose code nothing is said. */
function otherStack(): WhatIfBase {
  const { code: _code, queues, ...stack } = exampleBase.deployment;
  const second = { id: 'Jobs', function: 'message', maximumConcurrency: null, maxReceiveCount: null };
  const pollers = { provisionedPollers: { minimum: 2, maximum: 10 }, retentionSeconds: null };
  return {
    ...exampleBase,
    deployment: { ...stack, queues: queues.flatMap((each) => [each, { ...each, ...second, ...pollers }]) },
  };
}
const base = otherStack();
const own = inputsOf(base);
const controls = (inputs: Inputs) => controlsOf(inputs, base, {});
const settingsOf = (inputs: Inputs) => controls(inputs).filter(({ group }) => group === 'settings');

test('each API, function and queue has its own, by its logical id', () => {
  const ids = settingsOf(own).map(({ id }) => id.replace('settings.', ''));
  expect(ids).toEqual(
    expect.arrayContaining(['websocket.ratePerSecond', 'webhook.burst', 'authorize.memoryMb', 'queue.batchSize']),
  );
  expect(ids.filter((id) => id.startsWith('Jobs.'))).toEqual([
    ...['Jobs.batchSize', 'Jobs.leastPollers', 'Jobs.mostPollers', 'Jobs.retentionSeconds'],
    'Jobs.visibilityTimeoutSeconds',
  ]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('one queue is changed and the other is not; a link says which', () => {
  const control = settingsOf(own).find(({ id }) => id === 'settings.Jobs.batchSize');
  if (control === undefined) throw new Error('no such control');
  const changed = withValue(own, control, 100);
  expect(changed.deployment.queues.map(({ batchSize }) => batchSize)).toEqual([10, 100]);
  expect(fragmentOf(changed, own, controls)).toBe('settings.Jobs.batchSize=100');
  expect(readFragment('settings.Jobs.batchSize=100', own, controls)).toEqual({ inputs: changed, ignored: [] });
});

test('without the function that only queues webhooks, its settings and its cost are gone', () => {
  const { inputs, ignored } = readFragment('settings.directWebhooks=on', own, controls);
  expect(ignored).toEqual([]);
  expect(stackOf(inputs).functions.map(({ id }) => id)).not.toContain('ingest');
  expect(settingsOf(inputs).map(({ id }) => id)).not.toContain('settings.ingest.memoryMb');
  const costOf = (of: Inputs) => answerTo(base, of).cost[0]?.cost.usdPerMonth ?? 0;
  expect(costOf(inputs)).toBeLessThan(costOf(own));
});

test('what the reference stack would refuse is calculated for another one', () => {
  const reserved = settingsOf(own).find(({ id }) => id === 'settings.deliver.reservedConcurrency');
  if (reserved === undefined) throw new Error('no such control');
  const inputs = withValue(own, reserved, 5);
  expect(problemsOf(inputs, controls(inputs))).toEqual([]);
  const { code } = exampleBase.deployment;
  const ofReference = { ...inputs, deployment: { ...inputs.deployment, ...(code && { code }) } };
  expect(problemsOf(ofReference, [])).toEqual([
    'Maximum concurrency of queue: expected at most what deliver reserves (5); otherwise its pollers are throttled, and messages end up in the dead-letter queue.',
  ]);
});
