/** What becomes of asynchronous invocations: AWS::Lambda::EventInvokeConfig, and DeadLetterConfig of a function. Sources: Lambda developer guide, "Capturing records of Lambda asynchronous invocations"; CloudFormation's AWS::Lambda::EventInvokeConfig, read November 2026. Pure. */
import { type PropertyReader, propertiesOf } from '../../template/properties.ts';
import { isObject, type Json, type Problems } from '../../template/template-error.ts';
import type { DestinationModel, EventInvokeConfigModel, FunctionModel, QueueModel } from './model.ts';
import type { TemplateResource } from './resources.ts';
import type { TopicModel } from './topics/topic.ts';

interface AsynchronousSource {
  resources: readonly TemplateResource[];
  queues: readonly QueueModel[];
  topics: readonly TopicModel[];
  /** Function name or ARN → function name. */
  functionNames: ReadonlyMap<string, string>;
  problems: Problems;
}

/** Of the configuration: CloudFormation's own limits. */
const mostRetries = 2;
const ageSeconds = { least: 60, most: 21_600 };

/** The functions, each with its configuration, and with its dead letters. */
export function withAsynchronous(functions: readonly FunctionModel[], source: AsynchronousSource): FunctionModel[] {
  const { resources, problems } = source;
  const configs = new Map<string, EventInvokeConfigModel>();
  for (const read of resources.filter(({ kind }) => kind === 'eventInvokeConfig').map(propertiesOf))
    problems.attempt(() => {
      const wanted = read.neededText('FunctionName');
      const name = source.functionNames.get(wanted);
      if (name === undefined) throw read.error('FunctionName', `the stack has no function ${wanted}`);
      if (configs.has(name))
        throw read.error(
          'FunctionName',
          `${name} has another configuration for asynchronous invocations: the local target has one version of the code, and so one configuration`,
        );
      configs.set(name, configOf(read, source));
    });
  return functions.map((model) => {
    const declared = resources.find(({ logicalId }) => logicalId === model.logicalId);
    const deadLetters = declared && problems.attempt(() => deadLettersOf(propertiesOf(declared), source));
    const invokeConfig = configs.get(model.functionName) ?? null;
    if (invokeConfig === null && !deadLetters) return model;
    return { ...model, asynchronous: { invokeConfig, deadLetters: deadLetters ?? null } };
  });
}

function configOf(read: PropertyReader, source: AsynchronousSource): EventInvokeConfigModel {
  const retries = read.number('MaximumRetryAttempts');
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0 && retries <= mostRetries))
    throw read.error('MaximumRetryAttempts', `is ${retries}: AWS takes 0 to ${mostRetries}`);
  const seconds = read.number('MaximumEventAgeInSeconds');
  const { least, most } = ageSeconds;
  if (seconds !== undefined && !(seconds >= least && seconds <= most))
    throw read.error('MaximumEventAgeInSeconds', `is ${seconds}: AWS takes ${least} to ${most}`);
  const destinations = read.json('DestinationConfig');
  const of = (event: 'OnSuccess' | 'OnFailure'): DestinationModel | null => {
    const given = isObject(destinations) ? destinations[event] : undefined;
    const arn = isObject(given) ? given.Destination : undefined;
    return arn === undefined ? null : destinationOf(arn, (problem) => read.error('DestinationConfig', problem), source);
  };
  return {
    maximumRetries: retries ?? null,
    maximumAgeMs: seconds === undefined ? null : seconds * 1_000,
    onSuccess: of('OnSuccess'),
    onFailure: of('OnFailure'),
  };
}

function deadLettersOf(read: PropertyReader, source: AsynchronousSource): DestinationModel | null {
  const given = read.json('DeadLetterConfig');
  const arn = isObject(given) ? given.TargetArn : undefined;
  if (arn === undefined) return null;
  const error = (problem: string) => read.error('DeadLetterConfig', problem);
  const found = destinationOf(arn, error, source);
  if (found.kind === 'function') throw error(`${String(arn)} is a function: AWS takes queues and topics`);
  return found;
}

/** AWS fails to deliver to FIFO queues, and says so only in a metric. */
function destinationOf(
  given: Json,
  error: (problem: string) => Error,
  { queues, topics, functionNames }: AsynchronousSource,
): DestinationModel {
  const arn = String(given);
  const service = /^arn:[^:]+:([^:]+):/.exec(arn)?.[1];
  switch (service) {
    case 'sqs': {
      const queue = queues.find((each) => each.arn === arn);
      if (queue === undefined) throw error(`the stack has no queue ${arn}`);
      if (queue.queueName.endsWith('.fifo'))
        throw error(`${arn} is a FIFO queue: asynchronous invocations go to standard queues only`);
      return { kind: 'queue', arn, queueName: queue.queueName };
    }
    case 'sns': {
      const topic = topics.find((each) => each.arn === arn);
      if (topic === undefined) throw error(`the stack has no topic ${arn}`);
      return { kind: 'topic', arn };
    }
    case 'lambda': {
      const functionName = functionNames.get(arn);
      if (functionName === undefined) throw error(`the stack has no function ${arn}`);
      return { kind: 'function', arn, functionName };
    }
    default:
      throw error(`${arn} is not supported: queues, topics and functions of the stack only`);
  }
}
