/** Which resources a function's environment names: by exact name, URL, ARN or address of an API. */
import { busNameOf } from './event-buses.ts';
import type { Reach, StackGraph } from './model.ts';

/** The last part of an ARN that names a function, queue, topic, table or event bus; without version, alias or stream. */
export function arnName(arn: string): { service: string; name: string } | null {
  const [prefix, , service, , , ...rest] = arn.split(':');
  if (prefix !== 'arn' || service === undefined) return null;
  const resource = rest.join(':');
  switch (service) {
    case 'lambda':
      return { service, name: /^function:([^:]+)/.exec(resource)?.[1] ?? resource };
    case 'dynamodb':
      return { service, name: /^table\/([^/]+)/.exec(resource)?.[1] ?? resource };
    case 'events':
      return { service, name: busNameOf(resource) };
    default:
      return { service, name: resource };
  }
}

/** The function in a URI of an integration or authorizer: its ARN, or `arn:…:lambda:path/2015-03-31/functions/<ARN>/invocations`. */
export const functionArnOf = (uri: string): string =>
  /\/functions\/(.+)\/(?:response-streaming-)?invocations$/.exec(uri)?.[1] ?? uri;

type Nodes = Pick<StackGraph, 'apis' | 'functions' | 'queues' | 'tables' | 'topics' | 'eventBuses'>;

/**
 * What a function may call, as far as its environment shows it. Names that are computed in code, or read from a parameter store, are not seen; a value
 * that equals a resource's name by accident is taken for it.
 */
export function reachesOf(from: string, environment: Readonly<Record<string, string>>, nodes: Nodes): Reach[] {
  const named = new Set<string>();
  for (const value of Object.values(environment)) {
    const id = resourceNamed(value, nodes);
    if (id !== null && id !== from) named.add(id);
  }
  return [...named].map((to) => ({ from, to }));
}

function resourceNamed(
  value: string,
  { apis, functions, queues, tables, topics = [], eventBuses = [] }: Nodes,
): string | null {
  const arn = arnName(value);
  const api = apis.find(
    ({ apiId }) =>
      value === apiId || value.includes(`//${apiId}.execute-api.`) || value.includes(`//${apiId}.lambda-url.`),
  );
  // Who calls the URL of a function calls the function.
  if (api?.kind === 'functionUrl') return functions.find(({ name }) => name === api.name)?.id ?? null;
  if (api) return api.id;
  const queue = queues.find(({ name, url }) => value === url || value === name || isOf(arn, 'sqs', name));
  if (queue) return queue.id;
  // By its ARN alone: a topic's name is nothing that can be published to.
  const topic = topics.find(({ name }) => isOf(arn, 'sns', name));
  if (topic) return topic.id;
  const bus = eventBuses.find(({ name }) => value === name || isOf(arn, 'events', name));
  if (bus) return bus.id;
  const table = tables.find(({ name }) => value === name || isOf(arn, 'dynamodb', name));
  if (table) return table.id;
  return functions.find(({ name }) => value === name || isOf(arn, 'lambda', name))?.id ?? null;
}

const isOf = (arn: ReturnType<typeof arnName>, service: string, name: string): boolean =>
  arn !== null && arn.service === service && arn.name === name;
