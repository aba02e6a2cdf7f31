/** What a page gives to be copied is what the command reads: the plan, and the settings of the stack. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { stackOf } from '../../reports/what-if/answer.ts';
import { planYaml, settingsYaml } from '../../reports/what-if/plan-yaml.ts';
import { isKnownQuota } from '../../scenarios/plan/known-quotas.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { parseSettings } from '../../stack/settings.ts';
import { exampleControls, exampleInputs, reachableInputs } from './example-inputs.fixture.ts';

const given = (value: unknown) => JSON.parse(JSON.stringify(value));

test('a plan is read as it was', () => {
  fc.assert(
    fc.property(reachableInputs, ({ plan }) => {
      expect(parseUsagePlan(planYaml(plan), 'plan.yml')).toEqual({ kind: 'ok', plan: given(plan) });
    }),
  );
});

test('so is one with names from hell', () => {
  const names = [
    '<script>alert(1)</script>',
    'שלום \u202e',
    'a\u2028b\u0085c',
    '😀'.repeat(200),
    '- x: [y] # z',
    'it\'s "so" \\ ',
  ];
  for (const name of names) {
    const plan = { ...exampleInputs.plan, name };
    expect(parseUsagePlan(planYaml(plan), 'plan.yml')).toEqual({ kind: 'ok', plan });
  }
});

test('settings give the same deployment', () => {
  fc.assert(
    fc.property(reachableInputs, (inputs) => {
      const deployment = stackOf(inputs);
      const settings = parseSettings(parse(settingsYaml(deployment)));
      expect(referenceDeployment(settings, settings.region)).toEqual(deployment);
    }),
  );
});

test('every quota that can be changed is one that a plan may state', () => {
  const ids = exampleControls(exampleInputs).flatMap(({ group, path }) =>
    group === 'quotas' ? [String(path.at(-1))] : [],
  );
  expect(ids.length).toBeGreaterThan(25);
  expect(ids.filter((id) => !isKnownQuota(id))).toEqual([]);
});
