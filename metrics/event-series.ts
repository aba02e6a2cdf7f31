/** What is requested of EventBridge: events of each bus that a rule matches, and what each rule does with them. */
import { defaultBus } from '../graph/event-buses.ts';
import type { EventRule, StackGraph } from '../graph/model.ts';
import { type SeriesQuery, sum } from './series-query.ts';

/**
 * Rules of the default bus are counted under their name alone, those of another one under the bus's as well (EventBridge user guide, "Monitoring", read
 * 2026-11). CloudWatch has no count of what is put on one bus: events that no rule matches are not seen.
 */
export function eventQueries({ eventBuses = [], rules = [] }: Pick<StackGraph, 'eventBuses' | 'rules'>): SeriesQuery[] {
  const busNames = new Map(eventBuses.map(({ id, name }) => [id, name]));
  return [
    ...eventBuses.map(({ id, name }) =>
      sum(`events.${id}.matched.sum`, countOf({ EventBusName: name })('MatchedEvents')),
    ),
    ...rules.flatMap((rule) => ruleQueries(rule, busNames.get(rule.bus))),
  ];
}

function ruleQueries({ id, name, bus }: EventRule, busName: string | undefined): SeriesQuery[] {
  const isDefault = bus === defaultBus || busName === undefined;
  const of = countOf({ ...(!isDefault && { EventBusName: busName }), RuleName: name });
  return [
    sum(`events.${id}.ruleMatched.sum`, of('MatchedEvents')),
    sum(`events.${id}.invocations.sum`, of('Invocations')),
    sum(`events.${id}.failed.sum`, of('FailedInvocations')),
    sum(`events.${id}.throttled.sum`, of('ThrottledRules')),
  ];
}

const countOf = (dimensions: SeriesQuery['dimensions']) => (metric: string) => ({
  ...{ namespace: 'AWS/Events', metric, dimensions, unit: 'Count' },
});
