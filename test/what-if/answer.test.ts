import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildPlanReport } from '../../reports/plan-report.ts';
import { type Along, answerTo, seekAlong } from '../../reports/what-if/answer.ts';
import { withValueAt } from '../../reports/what-if/control.ts';
import { alongWords, bindsNow } from '../../reports/what-if/words.ts';
import { exampleBase, exampleControls, exampleInputs, reachableInputs } from './example-inputs.fixture.ts';

const controlOf = (id: string) => {
  const control = exampleControls(exampleInputs).find((each) => each.id === id);
  if (control === undefined) throw new Error(`no control ${id}`);
  return control;
};
function along(id: string, inputs = exampleInputs): Along {
  const seeking = seekAlong(exampleBase, inputs, controlOf(id));
  for (;;) {
    const { done, value } = seeking.next();
    if (done) return value;
  }
}

test('without a change the answer is the report’s own', () => {
  expect(answerTo(exampleBase, exampleInputs)).toEqual(buildPlanReport(exampleBase));
});

describe('along a slider', () => {
  test('the first quota that is full, and the value up to which it is not', () => {
    const found = along('users');
    expect(found).toEqual({ kind: 'fills', value: 93_000, quota: 'Webhook API stage throttle (webhook)' });
    const at = (users: number) =>
      answerTo(exampleBase, withValueAt(exampleInputs, ['plan', 'users'], users)).binding?.utilisation;
    expect(at(93_000)).toBeLessThan(1);
    expect(at(94_000)).toBeGreaterThan(1);
  });
  test('a quota that is lowered is full below a value', () => {
    const found = along('quotas.accountConcurrency');
    expect(found).toMatchObject({ kind: 'fills', quota: expect.stringContaining('Lambda') });
    const [value, less] = found.kind === 'fills' ? [found.value, found.value * 0.9] : [0, 0];
    const at = (limit: number) =>
      answerTo(exampleBase, withValueAt(exampleInputs, ['plan', 'quotas', 'accountConcurrency'], limit)).binding;
    expect(at(value)?.utilisation).toBeLessThanOrEqual(1);
    expect(at(less)?.utilisation).toBeGreaterThan(1);
  });
  test('what never fills anything: what binds at its fuller end', () => {
    expect(along('tabsPerUser')).toMatchObject({
      kind: 'holds',
      value: 20,
      used: { name: 'API Gateway throttle rate' },
    });
  });
  test('growth acts later: within the horizon a quota is full whatever it is below', () => {
    const { kind } = along('growthPerMonth');
    expect(kind).toBe('fills');
  });
  test('in words', () => {
    const answer = answerTo(exampleBase, exampleInputs);
    expect(bindsNow(answer, false)).toBe('Webhook API stage throttle (webhook) binds at 2.1%');
    expect(bindsNow(answer, true)).toBe('Webhook API stage throttle (webhook) is full on 2027-08-19');
    expect(alongWords(along('users'), controlOf('users'))).toBe(
      'every quota holds up to 93,000 users, then Webhook API stage throttle (webhook) is full',
    );
    expect(alongWords(along('tabsPerUser'), controlOf('tabsPerUser'))).toBe(
      'API Gateway throttle rate is at 4.7% with 20 connections',
    );
  });
});

test('whatever a reader can come to has an answer, in numbers', () => {
  fc.assert(
    fc.property(reachableInputs, (inputs) => {
      const text = JSON.stringify(answerTo(exampleBase, inputs).summary);
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
    }),
    { numRuns: 30 },
  );
});
