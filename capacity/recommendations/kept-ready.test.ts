import { expect, test } from 'vitest';
import { deploymentWith, exampleCoefficients, examplePlan } from '../example-stack.fixture.ts';
import { recommend } from './recommendation.ts';

const ready = (present: number) => {
  const deployment = deploymentWith({ provisionedConcurrency: { disconnect: present } });
  const all = recommend({ plan: examplePlan, coefficients: exampleCoefficients, deployment });
  return all.find(({ id }) => id === 'provisionedConcurrency.disconnect');
};

test('of ready environments no more are kept than run at once, where that saves $50 a month', () => {
  const many = ready(400);
  expect(many).toMatchObject({ kind: 'set', present: 400 });
  const most = Number(many?.value);
  expect(many?.facts).toMatchObject({
    // 512 MB each.
    unused: { moment: most, savingUsdPerMonth: expect.closeTo((400 - most) * 0.5 * 2.628e6 * 0.0000033334, 6) },
  });
  expect(ready(most + 1)).toMatchObject({ kind: 'keep', value: most + 1 });
  expect(ready(1)).toMatchObject({ kind: 'keep', value: 1, facts: { unused: { savingUsdPerMonth: 0 } } });
  expect(ready(0)).toBeUndefined();
});

test('a reservation would never be below what is kept ready of it', () => {
  const deployment = deploymentWith({ provisionedConcurrency: { connect: 700 } });
  const all = recommend({ plan: examplePlan, coefficients: exampleCoefficients, deployment });
  expect(all.find(({ id }) => id === 'reservedConcurrency.connect')?.facts).toMatchObject({ value: 700 });
});
