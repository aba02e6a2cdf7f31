// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation's Fn::Sub
/** What a dashboard and alarms are made for: the resources of a graph, by the names under which CloudWatch counts them. Pure. */
import { defaultBus } from '../../graph/event-buses.ts';
import type { Api, EventRule, StackGraph } from '../../graph/model.ts';

/**
 * `names`: the stack is deployed, and its names are known; `references`: what is made becomes part of the stack's own template, whose resources are
 * referred to. Those of nested stacks cannot be, and are left out.
 */
export type Naming = 'names' | 'references';

export interface WatchedGraph {
  /** Names are texts for Fn::Sub: as they are, or `${Chat}`. */
  graph: StackGraph;
  /** Logical ids. */
  leftOut: string[];
}

export function watchedGraph(graph: StackGraph, naming: Naming): WatchedGraph {
  if (naming === 'names') return { graph, leftOut: [] };
  const isOwn = ({ id }: { id: string }) => !id.includes('/');
  // What Ref is of a rule has the bus's name before its own, but for the default bus: nothing in a template is the name alone.
  const isReferred = (rule: EventRule) => isOwn(rule) && rule.bus === defaultBus;
  const { apis, functions, queues, tables, topics = [], eventBuses = [], rules = [] } = graph;
  return {
    graph: {
      ...graph,
      // A REST API is counted under its name, which is not what Ref is.
      apis: apis.filter(isOwn).flatMap((api): Api[] => {
        if (api.kind !== 'functionUrl') return [{ ...api, apiId: `\${${api.id}}` }];
        const of = functions.find(({ name }) => name === api.name);
        return of && isOwn(of) ? [{ ...api, name: `\${${of.id}}` }] : [];
      }),
      functions: functions.filter(isOwn).map((each) => ({ ...each, name: `\${${each.id}}` })),
      queues: queues.filter(isOwn).map((queue) => ({ ...queue, name: `\${${queue.id}.QueueName}` })),
      topics: topics.filter(isOwn).map((topic) => ({ ...topic, name: `\${${topic.id}.TopicName}` })),
      eventBuses: eventBuses
        .filter(isOwn)
        .map((bus) => (bus.id === defaultBus ? bus : { ...bus, name: `\${${bus.id}.Name}` })),
      rules: rules.filter(isReferred).map((rule) => ({ ...rule, name: `\${${rule.id}}` })),
      tables: tables.filter(isOwn).map((table) => ({ ...table, name: `\${${table.id}}` })),
    },
    leftOut: [
      ...[...apis, ...functions, ...queues, ...topics, ...eventBuses, ...tables].filter((each) => !isOwn(each)),
      ...rules.filter((rule) => !isReferred(rule)),
    ].map(({ id }) => id),
  };
}
