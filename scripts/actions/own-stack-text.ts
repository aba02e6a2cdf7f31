/** What `loadline local` says of a stack of the user's own. */
import { faultsPath, localCredentials, type ServedStack } from '../../local/start.ts';
import { modelNotes } from '../../reports/analysis/model/model-notes.ts';

/** As one line of JSON: plain data, without the values of secrets. */
export function describeOwnStack(stack: ServedStack): { kind: 'local' } & Pick<ServedStack, Described> {
  const { stackName, region, accountId, apis, endpointUrl, endpoints, outputs, leftOut, warnings, model, processIds } =
    stack;
  const facts = { outputs, leftOut, warnings, model, processIds };
  return { kind: 'local', stackName, region, accountId, apis, endpointUrl, endpoints, ...facts };
}
type Described =
  | ('stackName' | 'region' | 'accountId' | 'apis' | 'endpointUrl' | 'endpoints')
  | ('outputs' | 'leftOut' | 'warnings' | 'model' | 'processIds');

const apiNames = { webSocket: 'WebSocket', http: 'HTTP', rest: 'REST', functionUrl: 'Function URL' } as const;

export function ownStackText(stack: ServedStack): string {
  const { stackName, region, apis, endpointUrl, outputs, leftOut, warnings, model } = stack;
  const inert = Object.entries(leftOut.inert).map(([type, count]) => (count === 1 ? type : `${type} (${count})`));
  return [
    `The stack ${stackName} is up on this machine (Ctrl-C stops it).`,
    '',
    ...apis.map(({ kind, logicalId, url }) => line(apiNames[kind], `${url}   (${logicalId})`)),
    line('All of AWS', endpointUrl),
    line('Faults', `${endpointUrl}${faultsPath} (docs/faults.md)`),
    ...section(
      'Outputs',
      Object.entries(outputs).map(([name, value]) => line(name, value)),
    ),
    ...section('In a terminal, the AWS CLI finds the stack by', [
      `export AWS_ENDPOINT_URL=${endpointUrl} AWS_REGION=${region} AWS_DEFAULT_REGION=${region} AWS_ACCESS_KEY_ID=${localCredentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${localCredentials.secretAccessKey}`,
    ]),
    ...section('As on AWS, and perhaps not as expected', warnings.map(warningText)),
    ...section('Left out, because it changes nothing here', inert.length === 0 ? [] : [inert.join(', ')]),
    ...section('Left out, because --ignore says so', leftOut.onRequest),
    ...section('Not created, because a condition is false', leftOut.byCondition),
    ...modelNotes(model).flatMap((note) => ['', note]),
  ].join('\n');
}

function warningText(warning: ServedStack['warnings'][number]): string {
  if (warning.kind === 'urlNotPublic')
    return `No AWS::Lambda::Permission lets everybody invoke ${warning.functionName} by its URL ${warning.url} (Principal *, Action ${warning.missing.join(' and ')}; since October 2025 both are needed): callers get Forbidden.`;
  if (warning.kind === 'subscriptionNotPermitted') {
    const { subscription, to, topic } = warning;
    return to.kind === 'queue'
      ? `No AWS::SQS::QueuePolicy lets SNS (Principal sns.amazonaws.com, Action sqs:SendMessage) send from ${topic} to ${to.name}: the subscription ${subscription} delivers nothing.`
      : `No AWS::Lambda::Permission lets SNS (Principal sns.amazonaws.com) invoke ${to.name} for ${topic}: the subscription ${subscription} delivers nothing.`;
  }
  if (warning.kind === 'ruleNotPermitted') {
    const { rule, to, ruleArn } = warning;
    const [policy, action] = deliveryPolicies[to.kind];
    return `No ${policy} lets EventBridge (Principal events.amazonaws.com, Action ${action}) deliver from ${ruleArn} to ${to.name}: the rule ${rule} delivers nothing to it.`;
  }
  const { api, routeKey } = warning;
  const where = routeKey === null ? `the authorizer of ${api}` : `the route ${routeKey} of ${api}`;
  switch (warning.kind) {
    case 'notPermitted':
      return `No AWS::Lambda::Permission lets API Gateway invoke ${warning.functionName} for ${where}: callers get Internal server error. (Of a WebSocketLambdaIntegration that several routes share, older versions of CDK grant the first only: make one for each.)`;
    case 'noIntegrationResponse':
      return `${where} is to answer (returnResponse), but its integration has no integration response: callers get no answer.`;
  }
}

const deliveryPolicies = {
  function: ['AWS::Lambda::Permission', 'lambda:InvokeFunction'],
  queue: ['AWS::SQS::QueuePolicy', 'sqs:SendMessage'],
  topic: ['AWS::SNS::TopicPolicy', 'sns:Publish'],
} as const;

const line = (name: string, value: string): string => `${name.padEnd(14)} ${value}`;

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((text) => `  ${text}`)];
