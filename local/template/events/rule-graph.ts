/** A rule of EventBridge as a node of the graph. Pure. */
import { defaultBus } from '../../../graph/event-buses.ts';
import type { EventRule } from '../../../graph/model.ts';
import { type GraphIds, toFunction, toQueue } from '../graph-ids.ts';
import type { RuleModel, RuleTargetTo } from './rule.ts';

/** A rule that is disabled delivers nothing. */
export const ruleOf = (
  { logicalId, name, busName, isEnabled, pattern, schedule, targets }: RuleModel,
  ids: GraphIds,
): EventRule => ({
  ...{ id: logicalId, name, bus: busName === defaultBus ? defaultBus : (ids.eventBuses.get(busName) ?? busName) },
  ...{ matchesEvents: pattern !== null, schedule: schedule?.expression ?? null },
  targets: (isEnabled ? targets : []).map(({ id, to, deadLetters }) => ({
    ...{ id, to: targetOf(to, ids) },
    deadLetters: deadLetters && { id: ids.queues.get(deadLetters.queueName) ?? null },
  })),
});

function targetOf(to: RuleTargetTo, ids: GraphIds): EventRule['targets'][number]['to'] {
  switch (to.kind) {
    case 'function':
      return toFunction(to.functionName, ids);
    case 'queue':
      return toQueue(to.queueName, ids);
    case 'topic': {
      const name = to.topicArn.slice(to.topicArn.lastIndexOf(':') + 1);
      const id = ids.topics.get(name);
      return id === undefined ? { kind: 'outside', what: name } : { kind: 'topic', id };
    }
  }
}
