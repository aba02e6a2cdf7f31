import { describe, expect, test } from 'vitest';
import { usEast1Prices } from '../aws/prices.ts';
import { exampleCoefficients, exampleDeployment, examplePlan } from '../capacity/example-stack.fixture.ts';
import { planDocument } from './document/plan-document.ts';
import { buildPlanReport } from './plan-report.ts';
import { renderHtml } from './render/html.ts';
import { renderMarkdown } from './render/markdown.ts';
import { renderText } from './render/text.ts';

const reportOf = (change: Partial<typeof examplePlan> = {}) =>
  buildPlanReport({
    plan: { ...examplePlan, ...change },
    coefficients: exampleCoefficients,
    deployment: exampleDeployment,
    prices: usEast1Prices,
    loadlineVersion: '1.2.3',
    basis: ['A basis.'],
  });

describe('the plan report', () => {
  test('says what binds today, with the runner-up, and that nothing runs out without growth', () => {
    const report = reportOf();
    expect(report.status).toBe('ok');
    // 3,660 messages/s of 5,000.
    expect(report.binding).toMatchObject({ quotaId: 'webSocketApiThrottle', demand: 3_660, limit: 5_000 });
    expect(report.sentence).toMatch(/^Modelled: WebSocket API stage throttle binds first, with 26\.8% headroom today/);
    expect(report.sentence).toContain('no quota runs out within');
  });

  test('names the first quota to run out, with its date', () => {
    // 5,000 / 3,660 = 1.05^t: t = 6.39 months.
    const report = reportOf({ growthPerMonth: 0.05 });
    expect(report.status).toBe('soon');
    expect(report.projection.first).toMatchObject({ quotaId: 'webSocketApiThrottle' });
    expect(report.projection.first?.months).toBeCloseTo(6.39, 1);
    expect(report.sentence).toContain(`runs out on ${report.projection.first?.date}`);
  });

  test('a quota that is exceeded today comes first in the sentence', () => {
    const report = reportOf({ users: examplePlan.users * 10 });
    expect(report.status).toBe('exceeded');
    expect(report.sentence).toMatch(/^Exceeded: /);
  });

  test('a quota of the account replaces the default', () => {
    const row = reportOf({ quotas: { 'L-8A5B8E43': 20_000 } }).headroom.find(({ code }) => code === 'L-8A5B8E43');
    expect(row).toMatchObject({ limit: 20_000, limitFrom: 'plan' });
  });

  test('text, Markdown and page carry the sentence, the tables and the assumptions; no column of a run', () => {
    const report = reportOf({ growthPerMonth: 0.05 });
    const document = planDocument(report);
    const [text, markdown, page] = [renderText(document), renderMarkdown(document), renderHtml(document)];
    for (const rendered of [text, markdown, page]) {
      expect(rendered).toContain(report.projection.first?.date);
      expect(rendered).toContain('Quotas by headroom, modelled on AWS');
      expect(rendered).toContain('A basis.');
      expect(rendered).not.toContain('this run');
    }
    const advice =
      'Ask AWS to raise Lambda concurrent executions (L-B99A9384) from 1,000 to 1,500 executions, by 2026-11-25.';
    for (const rendered of [text, page]) expect(rendered).toContain(advice);
    expect(text).toMatch(/Assumptions\n {2}- A basis\.\n$/);
    expect(page).toMatch(/^<!doctype html>/);
  });
});
