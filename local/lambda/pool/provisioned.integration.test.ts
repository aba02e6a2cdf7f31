/** Provisioned concurrency of an alias: environments that have started before anything is invoked. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient, ListProvisionedConcurrencyConfigsCommand } from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test, vi } from 'vitest';
import { localCredentials } from '../../gateway/connections-api/sigv4.ts';
import { makeGate } from '../../testing/gate.ts';
import { startSmallStack } from '../../testing/small-stack.ts';

const alias = (ProvisionedConcurrentExecutions: number) => ({
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Kept' } } },
  Live: {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      FunctionName: { Ref: 'Kept' },
      FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
      Name: 'live',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions },
    },
  },
});

async function started(source: string) {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-provisioned-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'starts');
  const stack = await startSmallStack({
    functions: {
      Kept: `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(path)}, '.'); ${source}`,
      Other: 'export const handler = async () => 1;',
    },
    webSocketRoutes: {},
    functionProperties: { Kept: { FunctionName: 'kept', Timeout: 60 } },
    resources: alias(2),
    limits: { maxEnvironments: 6, environmentPatienceMs: 0 },
  });
  onTestFinished(stack.stop);
  const client = { region: 'us-east-1', credentials: localCredentials };
  const lambda = new LambdaClient({ ...client, endpoint: stack.target.endpoints.lambda });
  const cloudWatch = new CloudWatchClient({ ...client, endpoint: stack.target.endpoints.cloudwatch });
  onTestFinished(() => {
    lambda.destroy();
    cloudWatch.destroy();
  });
  const starts = () => readFileSync(path, 'utf8').length;
  const metric = async (MetricName: string, statistic: 'Sum' | 'Maximum') => {
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: 'AWS/Lambda', MetricName, Period: 60, Statistics: [statistic] },
        Dimensions: [
          { Name: 'FunctionName', Value: 'kept' },
          { Name: 'Resource', Value: 'kept:live' },
        ],
        ...{ StartTime: new Date(Date.now() - 3_600_000), EndTime: new Date(Date.now() + 60_000) },
      }),
    );
    const values = Datapoints.map((point) => point[statistic] ?? 0);
    return statistic === 'Sum' ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
  };
  return { stack, lambda, starts, metric };
}

test('two are ready at the start; a third invocation at a time spills over, and is counted', async () => {
  const gate = makeGate();
  const { lambda, starts, metric } = await started(`${gate.source} export const handler = () => opened();`);
  expect(starts()).toBe(2);
  const invoke = () => lambda.send(new InvokeCommand({ FunctionName: 'kept', Qualifier: 'live' }));
  const invocations = [invoke(), invoke(), invoke()];
  await vi.waitFor(() => expect(starts()).toBe(3), 60_000);
  await vi.waitFor(async () => {
    expect(await metric('ProvisionedConcurrencyInvocations', 'Sum')).toBe(2);
    expect(await metric('ProvisionedConcurrencySpilloverInvocations', 'Sum')).toBe(1);
    expect(await metric('ProvisionedConcurrencyUtilization', 'Maximum')).toBe(1);
    expect(await metric('ProvisionedConcurrentExecutions', 'Maximum')).toBe(2);
  }, 60_000);
  gate.open();
  await Promise.all(invocations);
});

test('Lambda says what is provisioned', async () => {
  const { lambda, stack } = await started('export const handler = async () => 1;');
  const { ProvisionedConcurrencyConfigs } = await lambda.send(
    new ListProvisionedConcurrencyConfigsCommand({ FunctionName: 'kept' }),
  );
  expect(ProvisionedConcurrencyConfigs).toMatchObject([
    {
      FunctionArn: `arn:aws:lambda:us-east-1:${stack.target.accountId}:function:kept:live`,
      RequestedProvisionedConcurrentExecutions: 2,
    },
  ]);
});

test('code that does not start is no reason to start it for ever, or not to serve the rest', async () => {
  const { starts, lambda } = await started(`throw new Error('at init');`);
  expect(starts()).toBeLessThanOrEqual(2);
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'kept' }));
  expect(answer.FunctionError).toBe('Unhandled');
});
