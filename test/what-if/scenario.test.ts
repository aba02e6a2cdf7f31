import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stackOf } from '../../reports/what-if/answer.ts';
import { type Inputs, withValueAt } from '../../reports/what-if/control.ts';
import { fragmentOf, isOn, isScenario, readFragment } from '../../reports/what-if/scenario.ts';
import { exampleControls, exampleInputs, reachableInputs } from './example-inputs.fixture.ts';

const read = (fragment: string) => readFragment(fragment, exampleInputs, exampleControls);
/** Settings of a function that is left out mean nothing. */
const meant = (inputs: Inputs): Inputs => ({ ...inputs, deployment: stackOf(inputs) });
const fragment = (inputs = exampleInputs) => fragmentOf(inputs, exampleInputs, exampleControls);

test('a link holds what differs from the report, by name', () => {
  expect(fragment()).toBe('');
  const more = withValueAt(
    withValueAt(exampleInputs, ['plan', 'users'], 4_000),
    ['plan', 'quotas', 'newConnections'],
    1_000,
  );
  const [pilot] = exampleInputs.plan.rollout;
  const stages = withValueAt(more, ['plan', 'rollout'], [pilot, { stage: 'a, b', share: 1, date: '2027-03-01' }]);
  expect(fragment(stages)).toBe(
    'stage=0.05,2026-10-01,pilot&stage=1,2027-03-01,a,+b&users=4000&quotas.newConnections=1000',
  );
  expect(read(fragment(stages))).toEqual({ inputs: stages, ignored: [] });
});

test('whatever a reader can come to is read again from its link', () => {
  fc.assert(
    fc.property(reachableInputs, (inputs) => {
      const { inputs: again, ignored } = read(fragment(inputs));
      expect({ ...meant(again), ignored }).toEqual({ ...meant(inputs), ignored: [] });
    }),
  );
});

test.each(['newTable', 'managedInstances'])('%s: false in the plan is a switch that is off', (key) => {
  const base = withValueAt(exampleInputs, ['plan', key], false);
  const [control] = exampleControls(base).filter(({ id }) => id === key);
  if (control?.input.kind !== 'switch') throw new Error('no such switch');
  expect(isOn(base, control.path, control.input)).toBe(false);
  const on = withValueAt(base, ['plan', key], true);
  expect(fragmentOf(on, base, exampleControls)).toBe(`${key}=on`);
  expect(readFragment(`${key}=on`, base, exampleControls).inputs).toEqual(on);
});

describe('what of a link cannot be read is left out, and said', () => {
  test.each([
    ['users=many', 'users: expected a number, found “many”.'],
    ['users=', 'users: expected a number, found “”.'],
    ['user=4000', 'user: nothing here is called so.'],
    ['broadcast=yes', 'broadcast: expected on or off, found “yes”.'],
    ['stage=half,2027-02-30,x', 'stage: expected share,date,name, found “half,2027-02-30,x”.'],
    ['channels.0.size=5', 'channels.0.size: nothing here is called so.'],
    ['__proto__=1', '__proto__: nothing here is called so.'],
  ])('%s', (link, sentence) => {
    expect(read(link)).toEqual({ inputs: exampleInputs, ignored: [sentence] });
  });
  test('the rest of it is used', () => {
    expect(read('users=3000&x=1').inputs.plan.users).toBe(3_000);
  });
});

test('the anchor of a section is no scenario', () => {
  expect([isScenario('headroom'), isScenario('users=1')]).toEqual([false, true]);
});
