/** A stack of the user's own, deployed under a name, or served here: what is loaded, and the inside that is asked about. */
import { faultListSchema, faultsPath, type ServedStack } from '../../local/start.ts';
import type { MeasuredTarget } from '../../record/target.ts';
import { type DeployedStack, readDeployedStack } from './deployed/deployed-stack.ts';
import { type EndpointDescription, type EndpointOptions, endpointFrom } from './endpoint.ts';
import type { StackAddresses } from './stack-addresses.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `--url` may name another address of its WebSocket API, as a domain of one's own.
 * @throws UsageError when there is no such stack, or which of its APIs is meant is not clear; CrashError when AWS does not answer.
 */
export async function describeOwnStack(
  stackName: string,
  { region, ...options }: EndpointOptions & { region?: string | undefined },
  environment: Environment,
): Promise<EndpointDescription> {
  const stack = await readDeployedStack(stackName, { region });
  const addresses = { stackName, webSockets: stack.webSocketUrls, http: stack.httpUrls };
  const endpoint = endpointFrom(options, environment, addresses);
  return { ...endpoint, inside: await insideOf(stack, environment) };
}

/** The SDK finds endpoints in the environment by itself; SQS must be told not to follow the host of a queue's URL. */
async function insideOf({ graph, region }: DeployedStack, environment: Environment): Promise<MeasuredTarget> {
  const { AWS_ENDPOINT_URL: all } = environment;
  const { AWS_ENDPOINT_URL_SQS: sqs = all } = environment;
  if (all !== undefined && (await isLocalTarget(all))) {
    // Its queues say where its SQS answers, which also lists their messages.
    const [queue] = graph.queues;
    const endpoints = {
      ...{ cloudwatch: all, dynamodb: all, secretsManager: all, lambda: all, apiGatewayManagementApi: all },
      sqs: queue === undefined ? all : new URL(queue.url).origin,
    };
    return { kind: 'local', region, graph, endpoints };
  }
  const isEmulated = emulatorOf(environment) !== undefined;
  return { kind: 'aws', region, graph, isEmulated, ...(sqs && { sqsEndpoint: sqs }) };
}

/** The one address of something on this machine that stands in for AWS, as every SDK and the AWS CLI read it. */
export function emulatorOf({ AWS_ENDPOINT_URL: url }: Environment): string | undefined {
  const isHere =
    url !== undefined &&
    URL.canParse(url) &&
    /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
  return isHere ? url : undefined;
}

/** Longer than a local target needs under load. */
const answersWithinMs = 5_000;

/** Whether a target of `loadline local` answers there: its metrics are there within seconds, and need not be waited for as AWS's. */
async function isLocalTarget(awsUrl: string): Promise<boolean> {
  try {
    const response = await fetch(new URL(faultsPath, awsUrl), { signal: AbortSignal.timeout(answersWithinMs) });
    return faultListSchema.safeParse(await response.json()).success;
  } catch {
    return false;
  }
}

export function addressesOf({ stackName, apis }: Pick<ServedStack, 'stackName' | 'apis'>): StackAddresses {
  const at = (isWanted: (kind: string) => boolean) =>
    apis.filter(({ kind }) => isWanted(kind)).map(({ logicalId: api, url }) => ({ api, url }));
  return { stackName, webSockets: at((kind) => kind === 'webSocket'), http: at((kind) => kind !== 'webSocket') };
}

/** Of a stack that is served here. */
export function servedInside({ region, graph, endpoints, model }: ServedStack): MeasuredTarget {
  const { apiGatewayManagementApi = '' } = endpoints;
  return { kind: 'local', region, graph, endpoints: { ...endpoints, apiGatewayManagementApi }, model };
}
