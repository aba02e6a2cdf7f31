/** Sliders of a stack with the fallback: until when its throttle does is said again with each move. */
import { expect, test } from 'vitest';
import { withFallback } from '../../capacity/fallback/fallback-costs.ts';
import { answerTo, inputsOf } from '../../reports/what-if/answer.ts';
import { planRules } from '../../reports/what-if/bounds.ts';
import { withValue } from '../../reports/what-if/control.ts';
import { controlsOf } from '../../reports/what-if/controls.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { exampleBase } from './example-inputs.fixture.ts';

const base = withFallback({
  ...exampleBase,
  deployment: referenceDeployment(parseSettings({ fallback: {} }), 'us-east-1'),
});
const inputs = inputsOf(base);
const controlOf = (id: string) => {
  const control = controlsOf(inputs, base, planRules()).find((each) => each.id === id);
  if (control === undefined) throw new Error(`no control ${id}`);
  return control;
};
const answerWith = (id: string, value: number) => answerTo(base, withValue(inputs, controlOf(id), value));
const lineOf = ({ summary }: ReturnType<typeof answerTo>) => new Map(summary).get('Fallback');

test('the throttle and the intervals: today, until when, and for all of the horizon', () => {
  // 20,000 tabs, 1,000 of them connected: 2,667/s of 2,000. Growth of 10% a month.
  expect(lineOf(answerTo(base, inputs))).toMatch(/^The throttle does not carry a rollback today; .* would do$/);
  expect(lineOf(answerWith('syncClient.pollSeconds', 60))).toMatch(
    /^The throttle carries a rollback until \d{4}-\d\d-\d\d \(“.+”\); .* would do$/,
  );
  const slower = withValue(inputs, controlOf('syncClient.pollSeconds'), 60);
  const both = withValue(slower, controlOf('settings.fallback.ratePerSecond'), 9_000);
  expect(lineOf(answerTo(base, both))).toMatch(/^The throttle carries a rollback for all of the 12 months: /);
});

test('the share of users whose network lets no WebSocket through', () => {
  expect(controlOf('syncClient.blockedShare').input).toMatchObject({
    ...{ kind: 'number', unit: 'share of users', bounds: { least: 0, most: 1, belowMost: true } },
  });
  const [none, tenth] = [0, 0.1].map((share) => answerWith('syncClient.blockedShare', share).fallback);
  expect([none?.connections, none?.outsideTabs]).toEqual([1_000, expect.closeTo(19_000, 6)]);
  expect([tenth?.connections, tenth?.outsideTabs]).toEqual([expect.closeTo(900, 6), expect.closeTo(19_100, 6)]);
  expect(answerWith('syncClient.blockedShare', 0.1).basis.join()).toContain('The networks of 10% of the users');
});

test('of a stack without it there is neither a line nor a control', () => {
  expect(lineOf(answerTo(exampleBase, inputsOf(exampleBase)))).toBeUndefined();
  const ids = controlsOf(inputsOf(exampleBase), exampleBase, planRules()).map(({ id }) => id);
  expect(ids.filter((id) => /fallback|syncClient/.test(id))).toEqual([]);
});
