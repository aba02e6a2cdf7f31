import { expect, it } from 'vitest';
import { measuredServiceCosts } from './measured-service-costs.ts';

it('scales what is assumed of each kind to the CPU that a run took for all of them', () => {
  // 1,000 connects at 1.2 ms and 500 webhooks at 2 ms: 2.2 s are assumed.
  const units = { connect: 1_000, message: 0, webhook: 500, push: 0 };
  const measured = measuredServiceCosts(units, 1.1);
  expect(measured?.factor).toBeCloseTo(0.5, 9);
  expect(measured?.costs.cpuSeconds.webhook.mid).toBeCloseTo(1e-3, 9);
  expect(measured?.costs.cpuSeconds.webhook.high).toBeCloseTo(2e-3, 9);
  expect(measured?.costs.cpuSeconds.message.mid).toBeCloseTo(30e-6, 9);
});

it('says nothing where nothing was done, or CPU was not counted', () => {
  const units = { connect: 0, message: 0, webhook: 0, push: 0 };
  expect(measuredServiceCosts(units, 1)).toBeNull();
  expect(measuredServiceCosts({ ...units, connect: 1 }, null)).toBeNull();
});
