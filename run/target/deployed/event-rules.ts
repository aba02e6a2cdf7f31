/** Rules of EventBridge with their targets, as EventBridge describes them. */
import {
  DescribeRuleCommand,
  type DescribeRuleCommandOutput,
  ListTargetsByRuleCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { busNameOf, defaultBus } from '../../../graph/event-buses.ts';
import type { ResourceNames } from '../../../graph/integrations.ts';
import type { EventRule } from '../../../graph/model.ts';
import { arnName } from '../../../graph/references.ts';
import { ask, type Clients } from './clients.ts';
import type { DeployedResource } from './stack-resources.ts';

export async function describeEventRule(
  clients: Clients,
  { id, physicalId }: DeployedResource,
  names: ResourceNames,
): Promise<EventRule> {
  // `name` on the default bus, `bus|name` on another; an emulator may leave the bus out.
  const [first = '', second] = physicalId.split('|');
  const name = second ?? first;
  const buses = second === undefined ? [defaultBus, ...names.eventBuses.keys()] : [busNameOf(first)];
  const rule = await ask(`The rule ${id}`, onOneOf(clients, name, buses));
  const bus = busNameOf(rule.EventBusName ?? defaultBus);
  const targets =
    rule.State === 'DISABLED' ? [] : await ask(`The targets of the rule ${id}`, targetsOf(clients, { name, bus }));
  return {
    ...{ id, name, bus: names.eventBuses.get(bus) ?? bus },
    ...{ matchesEvents: Boolean(rule.EventPattern), schedule: rule.ScheduleExpression || null },
    targets: targets.map(({ Id = '', Arn = '', DeadLetterConfig }) => ({
      ...{ id: Id, to: targetOf(Arn, names) },
      deadLetters: DeadLetterConfig?.Arn
        ? { id: names.queues.get(arnName(DeadLetterConfig.Arn)?.name ?? '') ?? null }
        : null,
    })),
  };
}

async function onOneOf(clients: Clients, Name: string, buses: readonly string[]): Promise<DescribeRuleCommandOutput> {
  const [EventBusName = defaultBus, ...others] = buses;
  try {
    return await clients.eventBridge.send(new DescribeRuleCommand({ Name, EventBusName }));
  } catch (error) {
    const isMissing = error instanceof Error && error.name === 'ResourceNotFoundException';
    if (!isMissing || others.length === 0) throw error;
    return await onOneOf(clients, Name, others);
  }
}

async function targetsOf({ eventBridge }: Clients, { name, bus }: { name: string; bus: string }): Promise<Target[]> {
  const all: Target[] = [];
  let NextToken: string | undefined;
  do {
    const page = await eventBridge.send(
      new ListTargetsByRuleCommand({ Rule: name, EventBusName: bus, ...(NextToken !== undefined && { NextToken }) }),
    );
    all.push(...(page.Targets ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return all;
}

function targetOf(arn: string, { functions, queues, topics }: ResourceNames): EventRule['targets'][number]['to'] {
  const { service, name } = arnName(arn) ?? { service: '', name: arn };
  const kinds = { lambda: ['function', functions], sqs: ['queue', queues], sns: ['topic', topics] } as const;
  const [kind, known] = service === 'lambda' || service === 'sqs' || service === 'sns' ? kinds[service] : [null, null];
  const id = known?.get(name);
  return kind === null || id === undefined ? { kind: 'outside', what: name } : { kind, id };
}
