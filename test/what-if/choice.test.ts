/** The page of a comparison calculates as `loadline choose` does, and gives what that command reads. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadOfPlan } from '../../capacity/demand/load.ts';
import { chooseAnswer } from '../../reports/choose/choose-report.ts';
import { answerToChoice, planOf, seekTurn, sizeWith, type Turn } from '../../reports/what-if/choose/choice.ts';
import type { ChoiceData } from '../../reports/what-if/choose/choice-data.ts';
import { choicePageSettings, choiceSettingsYaml } from '../../reports/what-if/choose/choice-settings.ts';
import { choiceTable, costsNow, turnWords } from '../../reports/what-if/choose/choice-words.ts';
import { type Inputs, withValueAt } from '../../reports/what-if/control.ts';
import { dataJson, readData } from '../../reports/what-if/page-data.ts';
import { planYaml } from '../../reports/what-if/plan-yaml.ts';
import { sizeOf } from '../../run/variants/service-size.ts';
import { isKnownQuota } from '../../scenarios/plan/known-quotas.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import {
  exampleChoice,
  exampleChoiceControls,
  exampleChoiceProblems,
  exampleOwn,
  exampleSettings,
  loadToday,
  reachableChoices,
} from './example-choice.fixture.ts';

const controlOf = (id: string) => {
  const control = exampleChoiceControls(exampleOwn).find((each) => each.id === id);
  if (control === undefined) throw new Error(`no control ${id}`);
  return control;
};
const withLoad = (key: string, value: number): Inputs => withValueAt(exampleOwn, ['choice', 'load', key], value);
const withTasks = (key: string, value: unknown): Inputs => withValueAt(exampleOwn, ['choice', 'tasks', key], value);
function along(id: string, inputs: Inputs = exampleOwn): Turn {
  const seeking = seekTurn(exampleChoice, inputs, controlOf(id));
  for (;;) {
    const { done, value } = seeking.next();
    if (done) return value;
  }
}

test('without a change the answer is the report’s own', () => {
  expect(answerToChoice(exampleChoice, exampleOwn)).toEqual(chooseAnswer(exampleChoice));
  expect(planOf(exampleOwn)).toEqual(exampleChoice.plan);
});

describe('a load by its rates', () => {
  test.each([
    ['connections', 30_000],
    ['messagesPerSecond', 1_234],
    ['webhooksPerSecond', 56.7],
  ])('moves alone: %s', (key, value) => {
    const load = loadOfPlan(planOf(withLoad(key, value)));
    const now = {
      connections: loadToday.peakConnections,
      messagesPerSecond: loadToday.messageRatePerSecond,
      webhooksPerSecond: loadToday.webhookRatePerSecond,
    };
    const expected = { ...now, [key]: value };
    expect(load.peakConnections / expected.connections).toBeCloseTo(1, 4);
    expect(load.messageRatePerSecond / expected.messagesPerSecond).toBeCloseTo(1, 4);
    expect(load.webhookRatePerSecond / expected.webhooksPerSecond).toBeCloseTo(1, 4);
  });

  test('changes what holds, what a month costs, and the crossover', () => {
    const many = answerToChoice(exampleChoice, withLoad('connections', 200_000));
    const few = answerToChoice(exampleChoice, exampleOwn);
    const cells = (answer: typeof few) => choiceTable(answer).rows.map((row) => row.map(({ text }) => text));
    expect(cells(many)).toHaveLength(cells(few).length);
    const changed = cells(many).filter((row, n) => row[1] !== cells(few)[n]?.[1] || row[2] !== cells(few)[n]?.[2]);
    expect(changed).toHaveLength(cells(few).length);
    expect(many.sentence).not.toBe(few.sentence);
    // With as many messages from more users the crossover lies elsewhere.
    expect(many.crossovers[0]?.connections).not.toBe(few.crossovers[0]?.connections);
  });
});

describe('along a slider', () => {
  test('where the answer changes, and that it does there', () => {
    const found = along('connections');
    // With as many messages from ever more users: a fourth task needs more vCPU in a deployment than a new account has.
    expect(found).toEqual({ kind: 'turns', value: 40_000, before: 'service', beyond: 'functions' });
    const [value, next] = found.kind === 'turns' ? [found.value, found.value * 1.1] : [0, 0];
    expect(answerToChoice(exampleChoice, withLoad('connections', value)).today).toBe('service');
    const beyond = answerToChoice(exampleChoice, withLoad('connections', next));
    expect(beyond.today).toBe('functions');
    expect(beyond.days[0]?.service.exceeded.map(({ quotaId }) => quotaId)).toEqual(['fargateVcpu']);
    expect(turnWords(found, controlOf('connections'))).toBe(
      'a service of tasks up to 40,000 connections, then functions',
    );
  });

  test('what changes nothing', () => {
    const found = along('tasks.targetCpuPercent');
    expect(turnWords(found, controlOf('tasks.targetCpuPercent'))).toBe('a service of tasks at both ends of the slider');
    expect(costsNow(answerToChoice(exampleChoice, exampleOwn))).toMatch(
      /^Functions \$[\d,.]+ a month, tasks \$[\d,.]+$/,
    );
  });
});

describe('what cannot be calculated is said', () => {
  test.each<[string, Inputs, string]>([
    [
      'a size on instances without room',
      withValueAt(withTasks('capacity', 'ec2'), ['choice', 'tasks', 'instanceType'], 'c7g.medium'),
      'Size of a task: expected one for which an instance of c7g.medium has room.',
    ],
    [
      'a deployment that could not replace a task',
      withTasks('maximumPercent', 120),
      'Old and new tasks in a deployment: expected enough that one of 2 can be replaced, found 120%, with 100% healthy.',
    ],
    [
      'more messages than a plan may have of a user',
      withValueAt(withLoad('messagesPerSecond', 1e7), ['choice', 'load', 'connections'], 1),
      'Messages: expected a number of at most 1000000 of each user (messagesPerUserPerMinute), found',
    ],
  ])('%s', (_, inputs, sentence) => {
    expect(exampleChoiceProblems(inputs)).toEqual([expect.stringContaining(sentence)]);
  });
});

test('the command reads what the page gives to be copied, and then has the same plan and the same tasks', () => {
  const given = choicePageSettings(exampleSettings);
  fc.assert(
    fc.property(reachableChoices, (inputs) => {
      const plan = planOf(inputs);
      const read = parseUsagePlan(planYaml(plan), 'plan.yml');
      expect(read).toEqual({ kind: 'ok', plan: JSON.parse(JSON.stringify(plan)) });
      const settings = parseSettings(parse(choiceSettingsYaml(inputs, given)));
      expect(sizeOf(settings)).toEqual(inputs.choice && sizeWith(exampleChoice.size, inputs.choice.tasks));
    }),
    { numRuns: 40 },
  );
});

test('settings that nobody changed are those of the page, but for a certificate', () => {
  const settings = parseSettings({ compute: 'server', server: { certificateArn: arn } });
  const given = choicePageSettings(settings);
  expect(JSON.stringify(given)).not.toContain('123456789012');
  const again = parseSettings(parse(choiceSettingsYaml({ ...exampleOwn }, given)));
  expect(again).toEqual({ ...settings, server: { ...settings.server, certificateArn: null } });
});
const arn = 'arn:aws:acm:us-east-1:123456789012:certificate/1a2b';

test('every quota that can be changed is one that a plan may state, those of tasks among them', () => {
  const ids = exampleChoiceControls(exampleOwn).flatMap(({ group, path }) =>
    group === 'quotas' ? [String(path.at(-1))] : [],
  );
  expect(ids).toEqual(expect.arrayContaining(['fargateVcpu', 'balancerTargets', 'accountConcurrency']));
  expect(ids.filter((id) => !isKnownQuota(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('whatever a reader can come to has an answer, in numbers, and so has the page', () => {
  const { base } = readData<ChoiceData>(
    dataJson({ base: exampleChoice, asked: '', notCopied: [], rules: {}, settings: null }),
  );
  fc.assert(
    fc.property(reachableChoices, (inputs) => {
      const answer = answerToChoice(base, inputs);
      expect(answer).toEqual(answerToChoice(exampleChoice, inputs));
      expect(answer.sentence).not.toMatch(/NaN|undefined|Infinity|∞/);
    }),
    { numRuns: 8 },
  );
});
