/** What a page gives to be copied is what the command reads: the plan, and the settings of the stack. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { stackOf } from '../../reports/what-if/answer.ts';
import { pageSettings } from '../../reports/what-if/page-settings.ts';
import { planYaml, settingsYaml } from '../../reports/what-if/plan-yaml.ts';
import { isKnownQuota } from '../../scenarios/plan/known-quotas.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { parseSettings, type StackSettingsInput } from '../../stack/settings/settings.ts';
import { exampleBase, exampleControls, exampleInputs, inputsFrom, reachableInputs } from './example-inputs.fixture.ts';

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

const variants: Record<string, StackSettingsInput> = {
  default: {},
  direct: { ingest: 'direct' },
  forward: { ingest: 'forward', forwardUrl: 'https://hooks.example.com/in' },
  mock: { ingest: 'mock', webhookApi: 'rest' },
  'lambda over REST': { webhookApi: 'rest' },
  postgres: {
    store: 'postgres',
    database: { instanceClass: 'm7g.large', maxConnections: 500, multiAz: false, proxy: false, natGateways: 2 },
  },
  fallback: { fallback: { recentSeconds: 600, origins: ['https://app.example.com'] } },
  'the account’s concurrency': { accountConcurrency: 400 },
  'times of its own': {
    functions: { deliver: { timeoutSeconds: 60 } },
    queue: { visibilityTimeoutSeconds: 400, batchWindowSeconds: 20 },
    ...{ replayWindowSeconds: 3_600, userCaps: { recipients: 50 }, accessLogs: { accountRole: 'create' } },
  },
};

describe.each(Object.entries(variants))('settings to be copied: %s', (_, given) => {
  const settings = parseSettings(given);
  const base = { ...exampleBase, deployment: referenceDeployment(settings, settings.region) };
  const copied = (deployment: Deployment) => parseSettings(parse(settingsYaml(deployment, pageSettings(settings))));

  test('are those of the page as long as nothing is changed', () => {
    expect(copied(base.deployment)).toEqual({ ...settings, accountConcurrency: null });
  });

  test('give the deployment of any scenario', () => {
    fc.assert(
      fc.property(inputsFrom(base), (inputs) => {
        const deployment = stackOf(inputs);
        const again = copied(deployment);
        expect(referenceDeployment(again, again.region)).toEqual(deployment);
      }),
      { numRuns: 15 },
    );
  });
});

test('settings that are not known are those of the deployment', () => {
  const direct = parseSettings({ ingest: 'direct' });
  const deployment = referenceDeployment(direct, direct.region);
  expect(parseSettings(parse(settingsYaml(deployment, {})))).toEqual(direct);
});

test('whom alarms notify, and credentials in a URL, are not in a page', () => {
  const settings = parseSettings({
    ...{ ingest: 'forward', forwardUrl: 'https://me:s3cret@hooks.example.com/in' },
    alarms: { emails: ['me@example.com'] },
  });
  const json = JSON.stringify(pageSettings(settings));
  expect(json).not.toMatch(/s3cret|me@example/);
  expect(json).toContain('"https://hooks.example.com/in"');
});

test('every quota that can be changed is one that a plan may state', () => {
  const ids = exampleControls(exampleInputs).flatMap(({ group, path }) =>
    group === 'quotas' ? [String(path.at(-1))] : [],
  );
  expect(ids.length).toBeGreaterThan(25);
  expect(ids.filter((id) => !isKnownQuota(id))).toEqual([]);
});
