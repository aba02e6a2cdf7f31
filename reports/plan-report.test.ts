import { describe, expect, test } from 'vitest';
import { usEast1Prices } from '../aws/prices.ts';
import {
  deploymentWith,
  exampleCoefficients,
  exampleDeployment,
  examplePlan,
} from '../capacity/example-stack.fixture.ts';
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
    expect(report.sentence).toBe(
      'Modelled: no quota runs out within 12 months; WebSocket API stage throttle (websocket) binds first, with 26.8% headroom today.',
    );
  });

  test('names the first quota to run out, with its date', () => {
    // 5,000 / 3,660 = 1.05^t: t = 6.39 months.
    const report = reportOf({ growthPerMonth: 0.05 });
    expect(report.status).toBe('soon');
    expect(report.projection.first).toMatchObject({ quotaId: 'webSocketApiThrottle' });
    expect(report.projection.first?.months).toBeCloseTo(6.39, 1);
    expect(report.sentence).toBe(
      `Modelled: WebSocket API stage throttle (websocket) runs out on ${report.projection.first?.date}, at stage “all”; until then every quota holds.`,
    );
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
    expect(text).toMatch(
      /Assumptions\n {2}- A basis\.\n {2}- Lambda: one invocation at a time in each environment\..*\n$/,
    );
    expect(page).toMatch(/^<!doctype html>/);
  });
});

describe('headroom tables', () => {
  const everywhere = (change: Partial<typeof examplePlan>) => {
    const document = planDocument(reportOf(change));
    return [renderText(document), renderMarkdown(document), renderHtml(document)];
  };

  test('what no load moves is left out of tables and projection, but not of the JSON', () => {
    const report = reportOf();
    for (const rendered of everywhere({}))
      for (const name of ['stages per API', 'Routes of the', 'function memory', 'reservable concurrency'])
        expect(rendered).not.toContain(name);
    expect(report.headroom.find(({ quotaId }) => quotaId === 'apiStages')).toMatchObject({ fixed: true, limit: 10 });
  });

  test('exceeded, it is there in any format, with a remedy', () => {
    const quotas = { apiStages: 0, functionMemory: 256, 'L-01C8A9E0': 5 };
    for (const rendered of everywhere({ quotas })) {
      for (const name of ['API Gateway stages per API', 'Lambda function memory', 'Routes of the WebSocket API'])
        expect(rendered).toContain(name);
      expect(rendered).toContain('Ask AWS to raise API Gateway stages per API (L-379E48B0) from 0 to 2 stages');
      expect(rendered).toContain('to 256 MB, from 512');
    }
  });

  test('the terminal hides none of many exceeded rows', () => {
    const tiny = { webSocketFrameBytes: 1, webSocketMessageBytes: 1, connectionsPostBytes: 1, httpPayloadBytes: 1 };
    const more = { sqsMessageBytes: 1, authorizerResultBytes: 1, webSocketUrlCharacters: 1, webSocketHeaderBytes: 1 };
    const report = reportOf({ quotas: { ...tiny, ...more, dynamodbItemBytes: 1, invocationPayloadBytes: 1 } });
    const [table = ''] = renderText(planDocument(report)).split('\nProjection\n');
    const exceeded = report.headroom.filter(({ today }) => today.kind === 'value' && today.utilisation > 1);
    expect(exceeded.length).toBeGreaterThan(9);
    // Elsewhere their recommendations name them too.
    for (const { name } of exceeded) expect(table).toContain(`  ${name} `);
  });

  test('each row has its remedies, and the confidence of its burst', () => {
    const rowOf = (id: string) => reportOf().headroom.find(({ quotaId }) => quotaId === id);
    expect(rowOf('accountInvocationRate')?.remedies[0]).toMatchObject({
      kind: 'raise',
      code: 'L-B99A9384',
      perUnit: 10,
    });
    expect(rowOf('newConnections')).toMatchObject({ confidence: 'H', burstConfidence: 'M' });
    expect(rowOf('functionTimeout')).toMatchObject({ burstConfidence: null });
    expect(everywhere({})[2]).toContain('burst 500 (one secondary source)');
  });
});

describe('assumptions', () => {
  const basisOf = (change: Partial<typeof examplePlan>, region = 'us-east-1') =>
    buildPlanReport({
      plan: { ...examplePlan, ...change },
      coefficients: exampleCoefficients,
      deployment: deploymentWith({ region }),
      prices: usEast1Prices,
      loadlineVersion: '1.2.3',
      basis: [],
    }).basis;

  test('a quota that was given in vain', () => {
    expect(basisOf({ quotas: { asyncPayloadBytes: 5, 'reservedConcurrency.ingest': 9, newConnections: 600 } })).toEqual(
      [
        'The quota asyncPayloadBytes was given, and has no effect on this plan: no function of the stack is invoked asynchronously.',
        'The quota reservedConcurrency.ingest was given, and has no effect on this plan: nothing is reserved for ingest; set its reserved concurrency in the stack.',
        expect.stringContaining('one invocation at a time'),
      ],
    );
  });

  test('prices of another Region', () => {
    expect(basisOf({}, 'eu-south-1')[0]).toBe(
      'Prices are those of us-east-1; the stack is in eu-south-1, where they differ. Give that Region’s with --prices.',
    );
  });

  test('Lambda Managed Instances', () => {
    expect(basisOf({ managedInstances: true })[0]).toContain('what counts one for each is unknown');
  });
});
