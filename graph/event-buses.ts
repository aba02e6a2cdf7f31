/** Event buses of EventBridge, from wherever they are read. Pure. */
import type { EventBus, StackGraph } from './model.ts';

/** The bus that every account has. It is no resource of a stack: this is also its id in the graph. */
export const defaultBus = 'default';

/** Of a bus, given by name or ARN. */
export const busNameOf = (nameOrArn: string): string => nameOrArn.replace(/^.*event-bus\//, '');

/** The bus that a template or a parameter names; the default one where none does. */
export function busNameIn(texts: readonly string[]): string {
  for (const text of texts) {
    const named = /EventBusName\\?["']?\s*[:=]\s*\\?["']?([\w./:-]+)/.exec(text)?.[1];
    if (named !== undefined) return busNameOf(named);
  }
  return defaultBus;
}

/** All buses that the stack has, and the default one where a rule of the stack listens to it, or an API leads to it. */
export function busesOnTheWay(
  own: readonly EventBus[],
  { apis, rules = [] }: Pick<StackGraph, 'apis' | 'rules'>,
): EventBus[] {
  const isUsed =
    rules.some(({ bus, matchesEvents }) => bus === defaultBus && matchesEvents) ||
    apis.some(({ routes }) =>
      routes.some(({ integration }) => integration?.kind === 'eventBus' && integration.id === defaultBus),
    );
  return isUsed ? [{ id: defaultBus, name: defaultBus }, ...own] : [...own];
}
