/** Topics of SNS, from wherever they are read. Pure. */
import { destinationIds } from './destinations.ts';
import type { StackGraph } from './model.ts';

/** Whether something is subscribed to a topic, or publishes to it, which a rule of EventBridge may. Any other is an address for alarms and people. */
export function isOnTheWay(
  id: string,
  graph: Pick<StackGraph, 'apis' | 'functions' | 'reaches' | 'subscriptions' | 'rules'>,
): boolean {
  const { apis, functions, reaches, subscriptions = [], rules = [] } = graph;
  return (
    subscriptions.some(({ topic }) => topic === id) ||
    reaches.some(({ to }) => to === id) ||
    rules.some(({ targets }) => targets.some(({ to }) => to.kind === 'topic' && to.id === id)) ||
    functions.some((each) => destinationIds(each).includes(id)) ||
    apis.some(({ routes }) => routes.some(({ integration }) => integration?.kind === 'topic' && integration.id === id))
  );
}

/** The first topic in a text, by its ARN, as it stands or encoded in a form. */
export function topicNameIn(text: string): string | null {
  const plain = text.replaceAll(/%3A/gi, ':');
  return /arn:aws[a-z-]*:sns:[a-z0-9-]*:\d*:([A-Za-z0-9_-]+(?:\.fifo)?)/.exec(plain)?.[1] ?? null;
}
