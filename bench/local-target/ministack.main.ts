/**
 * The peer: ministack with the same bare handlers, deployed by its CloudFormation. Argument: the folder of the virtual environment it is installed in.
 * Reports its address over IPC, and ends with its parent.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { bareHandlers } from './bare-handlers.ts';

const [folder = ''] = process.argv.slice(2);
const startLimitMs = 50_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const functionOf = (source: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/bench',
    // Its inline code is CommonJS.
    Code: { ZipFile: source.replace('export const handler', 'exports.handler') },
  },
});
const integrationOf = (name: string) => ({
  Type: 'AWS::ApiGatewayV2::Integration',
  Properties: {
    ApiId: { Ref: 'Api' },
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: {
      'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${name}.Arn}/invocations`,
    },
  },
});
const routeOf = (name: string, properties: object) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ApiId: { Ref: 'Api' },
    Target: { 'Fn::Join': ['/', ['integrations', { Ref: `${name}Integration` }]] },
    ...properties,
  },
});
const template = {
  Resources: {
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { Name: 'bench', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
    },
    Connect: functionOf(bareHandlers.Connect),
    Ping: functionOf(bareHandlers.Ping),
    ConnectIntegration: integrationOf('Connect'),
    PingIntegration: integrationOf('Ping'),
    ConnectRoute: routeOf('Connect', { RouteKey: '$connect' }),
    PingRoute: routeOf('Ping', { RouteKey: 'ping', RouteResponseSelectionExpression: '$default' }),
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: 'dev', AutoDeploy: true },
    },
  },
  Outputs: { ApiId: { Value: { Ref: 'Api' } } },
};

const port = await freePort();
const data = mkdtempSync(join(tmpdir(), 'loadline-ministack-'));
const ministack = spawn(join(folder, 'bin', 'ministack'), [], {
  cwd: data,
  stdio: 'ignore',
  env: {
    // Its functions run in the same Node.
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    ...{ HOME: data, TMPDIR: data, GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', LOG_LEVEL: 'ERROR' },
  },
});
const end = () => {
  ministack.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
  process.exit(0);
};
process.on('disconnect', end);
process.on('SIGTERM', end);

const client = new CloudFormationClient({
  endpoint: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});

async function deploy(): Promise<string> {
  const until = performance.now() + startLimitMs;
  const StackName = 'bench';
  let created = false;
  for (;;) {
    try {
      if (!created) await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
      created = true;
      const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
      const apiId = stack?.Outputs?.find(({ OutputKey }) => OutputKey === 'ApiId')?.OutputValue;
      if (stack?.StackStatus === 'CREATE_COMPLETE' && apiId !== undefined) return apiId;
      if (stack?.StackStatus?.includes('FAILED') || stack?.StackStatus?.includes('ROLLBACK'))
        throw new Error(`ministack refused the stack: ${stack.StackStatusReason ?? stack.StackStatus}`);
    } catch (error) {
      // It does not listen yet.
      if (created || performance.now() > until) throw error;
    }
    await sleep(100);
  }
}

const apiId = await deploy();
process.send?.({ url: `ws://127.0.0.1:${port}/_aws/execute-api/${apiId}/dev`, processIds: [ministack.pid] });
