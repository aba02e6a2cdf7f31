/** The description of a stack, wherever it runs: from its CloudFormation outputs and the values of its secrets. */
import type { StackGraph } from '../../graph/model.ts';
import type { TargetDescription } from '../../record/target.ts';
import { type FunctionRole, functionRoles, outputNames } from '../../stack/target.ts';

/** Empty: the template has no such output, because this variant of the stack has no such resource. */
export type StackOutputs = Record<keyof typeof outputNames, string>;

/** The variant that verifies webhooks in the consumer has no ingest function; where connections are kept, one of two has a table; clients may have nothing to ask over HTTP. */
const optional: readonly string[] = [
  outputNames.ingestFunctionName,
  outputNames.tableName,
  outputNames.databaseName,
  outputNames.finishedFunctionName,
  outputNames.rolloutFunctionName,
  outputNames.fallbackUrl,
];
/** A service of tasks has neither functions nor APIs. */
const ofFunctions: readonly string[] = [
  ...[outputNames.webSocketApiId, outputNames.webSocketStage, outputNames.webhookApiId, outputNames.webhookStage],
  ...functionRoles.map((role) => outputNames[`${role}FunctionName`]),
];

/**
 * The outputs of the contract, by their names there.
 * @param outputOf value of a CloudFormation output.
 * @param where the stack, as the error names it.
 * @throws an error that names each output that is missing.
 */
export function readOutputs(outputOf: (name: string) => string | undefined, where: string): StackOutputs {
  // Without any of them it is the other variant; without some it is another stack.
  const isService = ofFunctions.every((name) => !outputOf(name));
  const needless = [...optional, ...(isService ? ofFunctions : [])];
  const missing: string[] = Object.values(outputNames).filter((name) => !outputOf(name) && !needless.includes(name));
  const hasStore = outputOf(outputNames.tableName) || outputOf(outputNames.databaseName);
  if (!hasStore) missing.push(outputNames.tableName);
  if (missing.length > 0)
    throw new Error(`The ${where} has no output ${missing.join(', ')}: is it a Loadline stack of this version?`);
  return Object.fromEntries(
    Object.entries(outputNames).map(([key, name]) => [key, outputOf(name) ?? '']),
  ) as StackOutputs;
}

export interface DescribedStack {
  kind: 'local' | 'aws';
  region: string;
  accountId: string;
  outputs: StackOutputs;
  tokenSecret: string;
  webhookSecret: string;
  graph: StackGraph;
}

export function describeStack({ outputs, ...stack }: DescribedStack): TargetDescription {
  const names = functionRoles.map((role): [FunctionRole, string] => [role, outputs[`${role}FunctionName`]]);
  return {
    ...stack,
    webSocketUrl: outputs.webSocketUrl,
    webhookUrl: outputs.webhookUrl,
    ...(outputs.fallbackUrl !== '' && { fallbackUrl: outputs.fallbackUrl }),
    resources: {
      stackName: outputs.stackName,
      webSocketApiId: outputs.webSocketApiId,
      webSocketStage: outputs.webSocketStage,
      webhookApiId: outputs.webhookApiId,
      webhookStage: outputs.webhookStage,
      functionNames: Object.fromEntries(names.filter(([, name]) => name !== '')),
      queueUrl: outputs.queueUrl,
      queueName: outputs.queueName,
      deadLetterQueueUrl: outputs.deadLetterQueueUrl,
      deadLetterQueueName: outputs.deadLetterQueueName,
      tableName: outputs.tableName,
      ...(outputs.databaseName !== '' && { databaseName: outputs.databaseName }),
      ...(outputs.finishedFunctionName !== '' && { finishedFunctionName: outputs.finishedFunctionName }),
      ...(outputs.rolloutFunctionName !== '' && { rolloutFunctionName: outputs.rolloutFunctionName }),
      tokenSecretArn: outputs.tokenSecretArn,
      webhookSecretArn: outputs.webhookSecretArn,
    },
  };
}
