/** Where the ends of a function's asynchronous invocations are told. Pure. */
import type { Destination, FunctionNode } from './model.ts';
import { arnName } from './references.ts';

/** Of the stack's own resources, each once. */
export function destinationIds({ asynchronous }: Pick<FunctionNode, 'asynchronous'>): string[] {
  const { onSuccess, onFailure, deadLetters } = asynchronous ?? {};
  const all = [onSuccess, onFailure, deadLetters].flatMap((to) =>
    to === undefined || to === null || to.kind === 'outside' ? [] : [to.id],
  );
  return [...new Set(all)];
}

/** Physical names of resources that may be told → their logical ids. */
interface DestinationNames {
  functions: ReadonlyMap<string, string>;
  queues: ReadonlyMap<string, string>;
  topics: ReadonlyMap<string, string>;
}

/** What an ARN names. */
export function destinationNamed(arn: string, { functions, queues, topics }: DestinationNames): Destination {
  const { service, name } = arnName(arn) ?? { service: '', name: arn };
  const to = (kind: 'queue' | 'topic' | 'function', id: string | undefined): Destination =>
    id === undefined ? { kind: 'outside', what: arn } : { kind, id };
  switch (service) {
    case 'sqs':
      return to('queue', queues.get(name));
    case 'sns':
      return to('topic', topics.get(name));
    case 'lambda':
      return to('function', functions.get(name));
    default:
      return { kind: 'outside', what: arn };
  }
}
