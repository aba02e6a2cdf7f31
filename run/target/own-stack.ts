/** A stack that anybody has deployed, by its name: what is loaded, and the inside that CloudWatch is asked about. */
import type { MeasuredTarget } from '../../record/target.ts';
import { UsageError } from '../errors.ts';
import { type DeployedStack, readDeployedStack } from './deployed/deployed-stack.ts';
import { type EndpointDescription, type EndpointOptions, endpointFrom } from './endpoint.ts';

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
  const endpoint = endpointFrom({ ...options, url: options.url ?? onlyUrlOf(stack) }, environment);
  return { ...endpoint, inside: insideOf(stack, environment) };
}

function onlyUrlOf({ webSocketUrls, graph }: DeployedStack): string {
  const [first, ...others] = webSocketUrls;
  if (first === undefined)
    throw new UsageError(
      `The stack ${graph.stackName} has no WebSocket API with a stage: give the URL of one with --url, or name another stack.`,
    );
  if (others.length > 0)
    throw new UsageError(
      `The stack ${graph.stackName} has ${webSocketUrls.length} stages of WebSocket APIs: choose one with --url, of ${webSocketUrls.map(({ api, url }) => `${url} (${api})`).join(', ')}.`,
    );
  return first.url;
}

/** The SDK finds endpoints in the environment by itself; SQS must be told not to follow the host of a queue's URL. */
function insideOf({ graph, region }: DeployedStack, environment: Environment): MeasuredTarget {
  const { AWS_ENDPOINT_URL: all } = environment;
  const { AWS_ENDPOINT_URL_SQS: sqs = all } = environment;
  return { kind: 'aws', region, graph, ...(sqs && { sqsEndpoint: sqs }) };
}
