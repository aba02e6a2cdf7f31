/**
 * The peer: ministack with the same bare handlers, deployed by its CloudFormation. Argument: the folder of the virtual environment it is installed in.
 * Reports its address over IPC, and ends with its parent.
 */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { deploy, region } from '../../test/other-aws/deploy.fixture.ts';
import { bareHandlers } from './bare-handlers.ts';
import { startMinistack } from './ministack-server.ts';

const [folder = ''] = process.argv.slice(2);
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

Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
const { url, processId } = await startMinistack(folder);
const StackName = 'bench';
await deploy(url, StackName, template);
const client = new CloudFormationClient({ endpoint: url, region });
const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
const apiId = stack?.Outputs?.find(({ OutputKey }) => OutputKey === 'ApiId')?.OutputValue;
process.send?.({ url: `${url.replace('http', 'ws')}/_aws/execute-api/${apiId}/dev`, processIds: [processId] });
