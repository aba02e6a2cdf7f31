import { describe, expect, test } from 'vitest';
import { resolveLimits } from './resolve-limits.ts';
import { ServiceQuotas } from './service-quotas.ts';

const place = { region: 'us-east-1', accountId: '000000000000' };

describe('Service Quotas', () => {
  const quotas = new ServiceQuotas(resolveLimits({ quotaScale: 0.01, newConnections: { ratePerSecond: 20 } }), place);

  test('the applied value is the enforced one, the default is AWS’s', () => {
    const key = { ServiceCode: 'apigateway', QuotaCode: 'L-9ED1E49A' };
    expect(quotas.handle('GetServiceQuota', key)).toEqual({
      status: 200,
      body: {
        Quota: {
          ...key,
          ServiceName: 'Amazon API Gateway',
          QuotaName: 'WebSocket new connections rate',
          QuotaArn: 'arn:aws:servicequotas:us-east-1:000000000000:apigateway/L-9ED1E49A',
          Value: 20,
          Unit: 'None',
          Adjustable: true,
          GlobalQuota: false,
        },
      },
    });
    expect(quotas.handle('GetAWSDefaultServiceQuota', key).body).toMatchObject({ Quota: { Value: 500 } });
  });

  test.each([
    ['apigateway', 'L-8A5B8E43', 100],
    ['apigateway', 'L-CDF5615A', 50],
    ['apigateway', 'L-60AC41CD', 600],
    ['apigateway', 'L-A6CCE716', 7_200],
    ['apigateway', 'L-E11F7D5D', 32],
    ['apigateway', 'L-FD0EB744', 128],
    ['lambda', 'L-B99A9384', 10],
    ['dynamodb', 'L-CF0CBE56', 400],
    ['dynamodb', 'L-AB614373', 400],
  ])('%s %s is %d at a hundredth', (ServiceCode, QuotaCode, value) => {
    expect(quotas.handle('GetServiceQuota', { ServiceCode, QuotaCode }).body).toMatchObject({
      Quota: { Value: value },
    });
  });

  test('a list is paginated', () => {
    const codes: unknown[] = [];
    let token: string | undefined;
    do {
      const { body } = quotas.handle('ListServiceQuotas', {
        ServiceCode: 'apigateway',
        MaxResults: 3,
        NextToken: token,
      });
      const page = body as { Quotas: { QuotaCode: string }[]; NextToken?: string };
      expect(page.Quotas.length).toBeLessThanOrEqual(3);
      codes.push(...page.Quotas.map(({ QuotaCode }) => QuotaCode));
      token = page.NextToken;
    } while (token !== undefined);
    expect(new Set(codes).size).toBe(9);
    expect(codes).toHaveLength(9);
  });

  test.each([
    ['GetServiceQuota', { ServiceCode: 'apigateway', QuotaCode: 'L-00000000' }, 'NoSuchResourceException'],
    ['ListServiceQuotas', { ServiceCode: 'ec2' }, 'NoSuchResourceException'],
    ['GetServiceQuota', { ServiceCode: 'apigateway' }, 'IllegalArgumentException'],
    ['ListServiceQuotas', { ServiceCode: 'lambda', MaxResults: 101 }, 'IllegalArgumentException'],
    ['RequestServiceQuotaIncrease', {}, 'UnknownOperationException'],
  ])('%s %j is refused', (action, input, type) => {
    expect(quotas.handle(action, input)).toMatchObject({ status: 400, body: { __type: type } });
  });
});
