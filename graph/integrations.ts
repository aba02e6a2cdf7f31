/** What an API Gateway integration leads to, from its type and URI, whichever kind of API has it. */
import { busNameIn, busNameOf, defaultBus } from './event-buses.ts';
import type { Integration } from './model.ts';
import { arnName, functionArnOf } from './references.ts';
import { topicNameIn } from './topics.ts';

/** Physical names of a stack's resources → their logical ids. */
export interface ResourceNames {
  functions: ReadonlyMap<string, string>;
  queues: ReadonlyMap<string, string>;
  tables: ReadonlyMap<string, string>;
  topics: ReadonlyMap<string, string>;
  /** The stack's own. */
  eventBuses: ReadonlyMap<string, string>;
}

export interface DescribedIntegration {
  /** AWS, AWS_PROXY, HTTP, HTTP_PROXY or MOCK. */
  type: string;
  uri?: string | undefined;
  /** Of an HTTP API, as in `SQS-SendMessage`. */
  subtype?: string | undefined;
  /** Of a subtype that works on a queue. */
  queueUrl?: string | undefined;
  /** Of a subtype that works on an event bus: its name or ARN; absent: the default one. */
  eventBus?: string | undefined;
  /** Templates and parameters, of which one may name a topic or an event bus. */
  texts?: readonly string[] | undefined;
}

export function integrationOf(
  { type, uri = '', subtype, queueUrl, eventBus = defaultBus, texts = [] }: DescribedIntegration,
  names: ResourceNames,
): Integration {
  if (type === 'MOCK') return { kind: 'mock' };
  if (type.startsWith('HTTP')) return { kind: 'url', origin: originOf(uri) };
  if (queueUrl !== undefined) return toQueue(queueUrl, names);
  if (subtype === 'EventBridge-PutEvents') return toEventBus(busNameOf(eventBus), names);
  if (subtype !== undefined) return outside(subtype);
  const functionName = arnName(functionArnOf(uri));
  if (functionName?.service === 'lambda') {
    const id = names.functions.get(functionName.name);
    return id === undefined ? outside(functionName.name) : { kind: 'function', id };
  }
  // arn:aws:apigateway:<region>:<service>:path/… or :action/…
  const [, service = '', rest = ''] = /^arn:[^:]+:apigateway:[^:]*:([^:]+):(.*)$/.exec(uri) ?? [];
  if (service === 'sqs' && rest.startsWith('path/')) return toQueue(rest, names);
  if (service === 'events') return toEventBus(busNameIn(texts), names);
  const topic = service === 'sns' ? texts.map(topicNameIn).find((name) => name !== null) : undefined;
  const topicId = topic === undefined ? undefined : names.topics.get(topic);
  if (topicId !== undefined) return { kind: 'topic', id: topicId };
  return outside(service === '' ? uri : `${service} ${rest}`);
}

function toQueue(urlOrPath: string, { queues }: ResourceNames): Integration {
  const name = lastPart(urlOrPath);
  const id = queues.get(name);
  return id === undefined ? outside(name) : { kind: 'queue', id };
}

export function toEventBus(name: string, { eventBuses }: Pick<ResourceNames, 'eventBuses'>): Integration {
  const id = name === defaultBus ? defaultBus : eventBuses.get(name);
  return id === undefined ? outside(`event bus ${name}`) : { kind: 'eventBus', id };
}

/** The name at the end of a queue's URL. */
export const lastPart = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

const outside = (what: string): Integration => ({ kind: 'outside', what });

/** Scheme and host: a path may hold a secret. */
export const originOf = (uri: string): string => (URL.canParse(uri) ? new URL(uri).origin : 'unknown');
