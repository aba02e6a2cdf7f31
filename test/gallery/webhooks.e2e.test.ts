// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Shapes of the gallery that webhooks come to, under load as a user runs them (`run --template`). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, type ExpectStatic, test } from 'vitest';
import type { Report } from '../../reports/report.ts';
import { startCommand } from '../../scripts/command.fixture.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-webhooks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function reportOf(template: string, options: readonly string[]): Promise<Report> {
  const { code, stdout, stderr } = await startCommand(
    [
      ...['run', 'sync', '--template', template, '--json', '--quiet', ...options],
      ...['--steady', '4', '--webhook-rate', '4', '--burst-rate', '0', '--drain', '30', '--timeout', '30'],
    ],
    { folder, temporary: folder },
  ).ended;
  // Whether it was fast enough is not judged here.
  if (![0, 1, 3].includes(code ?? -1)) throw new Error(`${code}: ${stdout}${stderr}`);
  return JSON.parse(readFileSync(join(JSON.parse(stdout).folder, 'report.json'), 'utf8'));
}

const one = (rows: readonly { id: string }[] = [], id = '') => rows.find((row) => row.id === id);

/** All webhooks are accepted, and each is pushed to its owner. */
async function pushedReportOf(template: string, webhookUrl: string, expect: ExpectStatic) {
  const report = await reportOf(template, [
    ...['--connections', '4', '--connect-rate', '20', '--url', '?user=${user}', '--webhook-url', webhookUrl],
    ...['--webhook', '{"id":"${id}","user":"${user}"}', '--push', '$.id'],
    ...['--offline-share', '0', '--replay-share', '0'],
  ]);
  const started = report.ledger?.webhooks.started ?? 0;
  expect(report.ledger?.webhooks.outcomes.accepted).toBe(started);
  expect(started).toBeGreaterThan(8);
  expect(report.ledger?.pushes.missing).toBe(0);
  return { report, started };
}

test.concurrent('webhooks to the URL of a function fan out over a topic, to pushes and to a function, and are weighed so', async ({
  expect,
}) => {
  const template = fileURLToPath(new URL('fan-out/template.yaml', import.meta.url));
  const { report, started } = await pushedReportOf(template, 'HookUrl:/', expect);
  const { resources } = report;
  expect(one(resources?.httpApis, 'HookUrl')).toMatchObject({ requests: started, serverErrors: 0 });
  expect(one(resources?.topics, 'Events')).toMatchObject({ published: started, delivered: 2 * started, failed: null });
  expect(one(resources?.queues, 'Orders')).toMatchObject({ sent: started });
  expect(one(resources?.functions, 'Audit')).toMatchObject({
    ...{ invocations: started, causes: [{ kind: 'request', api: 'HookUrl', route: '$default' }] },
  });
  const quotas = report.headroom.map(({ quotaId }) => quotaId);
  expect(quotas).toEqual(expect.arrayContaining(['snsPublish', 'accountConcurrency', 'invocationPayloadBytes.url']));
  expect(quotas).not.toContain('httpApiThrottle');
  const costs = JSON.stringify(report.cost);
  expect(costs).toContain('"sns.requests"');
  expect(costs).not.toContain('"httpApi.requests"');
});

test.concurrent('webhooks go to an event bus without a function, and by rules to pushes and a FIFO queue, and are weighed so', async ({
  expect,
}) => {
  const template = fileURLToPath(new URL('event-bus/template.yaml', import.meta.url));
  const { report, started } = await pushedReportOf(template, '/hooks', expect);
  const { resources } = report;
  expect(one(resources?.eventBuses, 'Bus')).toMatchObject({ matched: started });
  expect(one(resources?.rules, 'PushOrders')).toMatchObject({
    matched: started,
    invocations: 2 * started,
    failed: null,
  });
  expect(one(resources?.queues, 'Books')).toMatchObject({ sent: started });
  expect(one(resources?.functions, 'Push')).toMatchObject({
    ...{ invocations: started, causes: [{ kind: 'request', api: 'Hooks', route: 'POST /hooks' }] },
  });
  const quotas = report.headroom.map(({ quotaId }) => quotaId);
  expect(quotas).toEqual(expect.arrayContaining(['eventBridgePutEvents', 'eventBridgeInvocations']));
  expect(JSON.stringify(report.cost)).toContain('"eventBridge.events"');
});

test.concurrent('a stack without WebSockets takes webhooks alone, and the ledger has each of them', async ({
  expect,
}) => {
  const template = join(folder, 'hooks.yaml');
  writeFileSync(
    template,
    `Resources:
  Hooks: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: hooks, ProtocolType: HTTP, Target: !GetAtt Take.Arn } }
  Take:
    Type: AWS::Lambda::Function
    Properties: { Runtime: nodejs22.x, Handler: index.handler, Role: r, Code: { ZipFile: 'exports.handler = async () => ({ statusCode: 202 });' } }
  May: { Type: AWS::Lambda::Permission, Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref Take, Principal: apigateway.amazonaws.com } }
`,
  );
  const report = await reportOf(template, ['--webhook-url', '/hooks', '--webhook', '{"id":"${id}"}']);
  // Whether this machine was quiet enough to judge it, is not asked.
  expect(report.verdict).toMatchObject({
    status: expect.stringMatching(/^(ok|invalid)$/),
    sentence: expect.stringContaining('webhooks/s'),
  });
  const started = report.ledger?.webhooks.started ?? 0;
  expect(report.ledger?.webhooks.outcomes.accepted).toBe(started);
  expect(started).toBeGreaterThan(8);
  expect(report.ledger?.connects.started).toBe(0);
});
