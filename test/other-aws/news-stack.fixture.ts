/** A template with topics, subscriptions and URLs of functions, and its graph without what a deployment chooses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Api, StackGraph } from '../../graph/model.ts';
import { loadTemplate } from '../../local/input/load-template.ts';
import { stackGraphOf } from '../../local/template/stack-graph.ts';
import { readStackModel } from '../../local/template/stack-model.ts';
import { region, type Template } from './deploy.fixture.ts';

export const stackName = 'news';

const att = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
export const ref = (id: string) => ({ Ref: id });
export const functionWith = (Environment: Record<string, unknown> = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    ...{ Runtime: 'nodejs22.x', Handler: 'index.handler', Role: att('Role') },
    Code: { ZipFile: 'exports.handler = async () => {};' },
    Environment: { Variables: Environment },
  },
});
const permission = (FunctionName: unknown, Principal: string, more: object = {}) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: { FunctionName, Principal, Action: 'lambda:InvokeFunction', ...more },
});
const subscription = (Protocol: string, Endpoint: unknown, more: object = {}) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: ref('News'), Protocol, Endpoint, ...more },
});
const toRaw = {
  ...{ RawMessageDelivery: true, FilterPolicyScope: 'MessageBody', FilterPolicy: { kind: ['sport'] } },
  RedrivePolicy: { deadLetterTargetArn: att('Dead') },
};

/** News that go to a function, to queues and to people; a webhook that publishes them, by the URL of a function. Nothing has to do with the topic Quiet. */
export const news: Template = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
    Publish: functionWith({ TOPIC: ref('Flash'), HOOK: att('SignedUrl', 'FunctionUrl') }),
    Print: functionWith(),
    Archive: functionWith(),
    Live: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: ref('Archive'), Name: 'live', FunctionVersion: '$LATEST' },
    },
    News: { Type: 'AWS::SNS::Topic', Properties: {} },
    Flash: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        Subscription: [
          { Protocol: 'sqs', Endpoint: att('Inbox') },
          { Protocol: 'email', Endpoint: 'a@example.com' },
        ],
      },
    },
    Quiet: { Type: 'AWS::SNS::Topic', Properties: {} },
    Inbox: { Type: 'AWS::SQS::Queue', Properties: {} },
    Raw: { Type: 'AWS::SQS::Queue', Properties: {} },
    Dead: { Type: 'AWS::SQS::Queue', Properties: {} },
    MaySend: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [ref('Inbox'), ref('Raw')],
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' },
          ],
        },
      },
    },
    NewsToPrint: subscription('lambda', att('Print')),
    NewsToInbox: subscription('sqs', att('Inbox'), { FilterPolicy: { kind: ['politics'] } }),
    NewsToRaw: subscription('sqs', att('Raw'), toRaw),
    NewsToPeople: subscription('email', 'b@example.com'),
    MayPrint: permission(ref('Print'), 'sns.amazonaws.com', { SourceArn: ref('News') }),
    OpenUrl: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: att('Publish'), AuthType: 'NONE' } },
    SignedUrl: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: att('Print'), AuthType: 'AWS_IAM' } },
    LiveUrl: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: ref('Live'), AuthType: 'AWS_IAM' } },
    MayCall: permission(ref('Publish'), '*', { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }),
    MayInvoke: permission(ref('Publish'), '*', { InvokedViaFunctionUrl: true }),
  },
};

/** What a deployment chooses: the rest is the template's. */
export const withoutNames = ({ apis, functions, queues, topics = [], ...graph }: StackGraph) => ({
  ...graph,
  apis: apis.map(withoutIds),
  functions: functions.map(({ name: _, ...node }) => node),
  queues: queues.map(({ name: _name, url: _url, ...queue }) => queue),
  topics: topics.map(({ id }) => id),
});
export const withoutIds = ({ apiId: _id, name: _name, ...api }: Api) => api;

/** Of a subscription that delivers everything, in SNS's envelope. */
export const plain = (of: object) => ({ ...of, isRaw: false, filteredBy: null, deadLetters: null });

/** As the local target reads it. */
export async function graphOfTemplate(template: Template): Promise<StackGraph> {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-news-'));
  try {
    const path = join(folder, 'template.json');
    writeFileSync(path, JSON.stringify(template));
    const { input, remove } = await loadTemplate({ choice: { kind: 'template', path }, region });
    // What it has unpacked is not read here.
    remove();
    const place = { stackName, region, accountId: '000000000000', sqsUrl: 'http://sqs' };
    return stackGraphOf(readStackModel({ ...place, input, gatewayAddress: null }), 'http://sqs');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
