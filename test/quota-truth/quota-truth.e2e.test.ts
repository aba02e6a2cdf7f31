import { afterAll, beforeAll, describe, test } from 'vitest';
import { Subject } from '../conformance/subject.ts';
import { localTargets, type StartedTarget, type TargetSource } from '../conformance/targets.ts';
import { quotaCases } from './cases.ts';

let targets: TargetSource;
beforeAll(async () => {
  targets = await localTargets();
});
afterAll(() => targets.close());

const groups = Map.groupBy(quotaCases, ({ target }) => target);

// One after the other: a generator that shares the machine with another trial measures the machine.
describe.each([...groups.keys()].map((need) => [need.variant, need] as const))('quotas of %s', (_variant, need) => {
  let target: StartedTarget;
  let subject: Subject;
  beforeAll(async () => {
    target = await targets.start(need);
    subject = new Subject(target.description, targets);
  });
  afterAll(async () => {
    subject.close();
    await target.stop();
  });

  test.each((groups.get(need) ?? []).map((one) => [one.name, one] as const))('%s', async (_name, { prove }) => {
    await prove(subject);
  });
});
