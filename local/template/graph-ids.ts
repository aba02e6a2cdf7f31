/** What a model names by physical names, as nodes of the graph. Pure. */
import type { Integration } from '../../graph/model.ts';

/** Physical names to logical ids. */
export interface GraphIds {
  functions: ReadonlyMap<string, string>;
  queues: ReadonlyMap<string, string>;
  topics: ReadonlyMap<string, string>;
  eventBuses: ReadonlyMap<string, string>;
}

type Target = Extract<Integration, { kind: 'function' | 'queue' | 'outside' }>;

export function toFunction(functionName: string, ids: GraphIds): Extract<Target, { kind: 'function' | 'outside' }> {
  const id = ids.functions.get(functionName);
  return id === undefined ? { kind: 'outside', what: functionName } : { kind: 'function', id };
}

export function toQueue(url: string, ids: GraphIds): Extract<Target, { kind: 'queue' | 'outside' }> {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const id = ids.queues.get(name);
  return id === undefined ? { kind: 'outside', what: name } : { kind: 'queue', id };
}
