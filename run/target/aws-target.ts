/** A deployed reference stack, found by its CloudFormation outputs. Not yet run on AWS; tested against the same wire protocols. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { TargetDescription } from '../../record/target.ts';
import { CrashError, UsageError } from '../errors.ts';
import { ask, notAnswered } from './deployed/clients.ts';
import { readDeployedStack } from './deployed/deployed-stack.ts';
import { describeStack, readOutputs, type StackOutputs } from './stack-description.ts';

export interface AwsStack {
  stackName: string;
  region: string;
  /** Of an emulator, which answers for all services; absent: AWS's own. */
  endpoint?: string | undefined;
}

/**
 * Reads a stack's outputs and its two secrets with the caller's credentials.
 * Throws a UsageError when there is no such stack or an output is missing, or the caller's credentials are missing, expired or may not ask; a CrashError when AWS cannot be reached.
 */
export async function describeAwsTarget(stack: AwsStack): Promise<TargetDescription> {
  const cloudFormation = new CloudFormationClient({
    region: stack.region,
    ...(stack.endpoint && { endpoint: stack.endpoint }),
  });
  const secretsManager = new SecretsManagerClient({
    region: stack.region,
    ...(stack.endpoint && { endpoint: stack.endpoint }),
  });
  try {
    const { outputs, accountId } = await askForOutputs(cloudFormation, stack);
    const [tokenSecret, webhookSecret] = await Promise.all(
      [outputs.tokenSecretArn, outputs.webhookSecretArn].map((arn) => readSecret(secretsManager, arn)),
    );
    const { graph } = await readDeployedStack(stack.stackName, {
      region: stack.region,
      endpoint: stack.endpoint,
    });
    const described = describeStack({
      kind: stack.endpoint === undefined ? 'aws' : 'local',
      graph,
      region: stack.region,
      accountId,
      outputs,
      tokenSecret: tokenSecret ?? '',
      webhookSecret: webhookSecret ?? '',
    });
    return stack.endpoint === undefined ? described : { ...described, endpoints: allAt(stack.endpoint, outputs) };
  } finally {
    cloudFormation.destroy();
    secretsManager.destroy();
  }
}

/** An emulator has every service at one address, but for the one by which the functions push. */
function allAt(endpoint: string, { webSocketUrl }: StackOutputs): NonNullable<TargetDescription['endpoints']> {
  const services = { cloudwatch: endpoint, dynamodb: endpoint, sqs: endpoint, secretsManager: endpoint };
  return { ...services, lambda: endpoint, apiGatewayManagementApi: webSocketUrl.replace(/^ws/, 'http') };
}

async function askForOutputs(
  client: CloudFormationClient,
  stack: AwsStack,
): Promise<{ outputs: StackOutputs; accountId: string }> {
  const where = `stack ${stack.stackName} in ${stack.region}`;
  const found = await client.send(new DescribeStacksCommand({ StackName: stack.stackName })).catch((cause: Error) => {
    if (cause.name === 'ValidationError')
      throw new UsageError(`There is no ${where}: deploy it first, or name another with --stack-name.`, { cause });
    throw notAnswered(`The ${where}`, cause);
  });
  const described = found.Stacks?.[0];
  const values = new Map(described?.Outputs?.map((output) => [output.OutputKey, output.OutputValue]));
  const outputs = ((): StackOutputs => {
    try {
      return readOutputs((name) => values.get(name), where);
    } catch (cause) {
      throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  })();
  return { outputs, accountId: described?.StackId?.split(':')[4] ?? '' };
}

async function readSecret(client: SecretsManagerClient, arn: string): Promise<string> {
  const { SecretString } = await ask(`The secret ${arn}`, client.send(new GetSecretValueCommand({ SecretId: arn })));
  if (!SecretString) throw new CrashError(`The secret ${arn} has no text value.`);
  return SecretString;
}
