// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Webhooks to a REST API that needs an API key, sent with one: what its usage plan refuses is the cause, and headroom weighs the plan. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { restApi } from '../../local/gateway/integrations/integrations.fixture.ts';
import { writeSmallStack } from '../../local/testing/small-stack.ts';
import type { Report } from '../../reports/report.ts';
import { startCommand } from '../../scripts/command.fixture.ts';

const mock = {
  Type: 'MOCK',
  RequestTemplates: { 'application/json': '{"statusCode": 200}' },
  IntegrationResponses: [{ StatusCode: 200 }],
};
const resources = {
  ...restApi({ 'POST /hooks': { Integration: mock, ApiKeyRequired: true } }),
  Shop: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Enabled: true, Value: 'key-of-the-shop' } },
  // As good as no refill while the run lasts.
  Basic: {
    Type: 'AWS::ApiGateway::UsagePlan',
    Properties: {
      ApiStages: [{ ApiId: { Ref: 'RestApi' }, Stage: 'prod' }],
      Throttle: { RateLimit: 0.0001, BurstLimit: 5 },
    },
  },
  ShopIsBasic: {
    Type: 'AWS::ApiGateway::UsagePlanKey',
    Properties: { KeyId: { Ref: 'Shop' }, KeyType: 'API_KEY', UsagePlanId: { Ref: 'Basic' } },
  },
};

test('a key that is a header of the webhooks opens the API, as far as its plan lets it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-api-key-'));
  const { choice, remove } = writeSmallStack({ functions: {}, webSocketRoutes: {}, resources });
  const options = {
    ...{ template: choice.path, url: '?user=${user}', 'webhook-url': 'RestApi:/hooks', webhook: '{"id":"${id}"}' },
    ...{ sign: 'none', 'webhook-header': 'X-Api-Key: env:SHOP_KEY' },
    ...{ connections: '2', steady: '3', 'webhook-rate': '10', 'burst-rate': '0' },
  };
  try {
    const { stdout } = await startCommand(
      ['run', 'sync', '--json', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])],
      { folder, temporary: folder, environment: { SHOP_KEY: 'key-of-the-shop' } },
    ).ended;
    const text = readFileSync(join(JSON.parse(stdout).folder, 'report.json'), 'utf8');
    const report: Report = JSON.parse(text);
    const { outcomes } = report.ledger?.webhooks ?? {};
    expect(outcomes).toMatchObject({ accepted: 5, rejected: 0, failed: 0 });
    expect(report.happenings).toContainEqual(
      expect.objectContaining({
        ...{ name: 'API Gateway usage plan throttle (Basic) refused', total: outcomes?.throttled },
      }),
    );
    expect(report.headroom.find(({ quotaId }) => quotaId === 'usagePlanThrottle.Basic')).toMatchObject({
      ...{ name: 'API Gateway usage plan throttle (Basic)', limit: 0.0001, limitFrom: 'setting' },
    });
    expect(text).not.toContain('key-of-the-shop');
  } finally {
    remove();
    rmSync(folder, { recursive: true, force: true });
  }
});
