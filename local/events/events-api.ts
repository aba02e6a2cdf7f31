/** EventBridge's API, as far as stacks put events and tools look, over AWS JSON 1.1. Source: EventBridge API reference, read November 2026. */
import { busNameOf, defaultBus } from '../../graph/event-buses.ts';
import { failure, type ServiceAnswer, success, unknownAction } from '../services/answers.ts';
import type { RuleModel, RuleTargetModel } from '../template/events/rule.ts';
import type { EventService } from './event-service.ts';
import { putEvents } from './put-events.ts';

export interface EventsPlace {
  service: EventService;
  region: string;
  accountId: string;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

type Input = Readonly<Record<string, unknown>>;

const actions = ['DescribeEventBus', 'DescribeRule', 'ListEventBuses', 'ListRules', 'ListTargetsByRule', 'PutEvents'];

export function answerEvents(action: string, input: Input, place: EventsPlace): ServiceAnswer {
  const { service, nowMs } = place;
  const busName = busNameOf(String(input.EventBusName ?? defaultBus));
  switch (action) {
    case 'PutEvents':
      return putEvents(input, { ...place, nowMs: nowMs() });
    case 'ListEventBuses':
      return success({ EventBuses: service.buses.map(({ name, arn }) => ({ Name: name, Arn: arn })) });
    case 'DescribeEventBus': {
      const name = busNameOf(String(input.Name ?? defaultBus));
      const bus = service.buses.find((each) => each.name === name);
      return bus ? success({ Name: bus.name, Arn: bus.arn }) : missing(`Event bus ${name} does not exist.`);
    }
    case 'ListRules': {
      const prefix = String(input.NamePrefix ?? '');
      const rules = service.rules.filter((rule) => rule.busName === busName && rule.name.startsWith(prefix));
      return success({ Rules: rules.map(described) });
    }
    case 'DescribeRule':
      return withRule(service, { name: input.Name, busName }, (rule) => success(described(rule)));
    case 'ListTargetsByRule':
      return withRule(service, { name: input.Rule, busName }, ({ targets, arn }) =>
        success({ Targets: targets.map((target) => describedTarget(target, arn)) }),
      );
    default:
      return unknownAction('EventBridge', action, actions);
  }
}

const missing = (message: string): ServiceAnswer => failure(400, 'ResourceNotFoundException', message);

function withRule(
  service: EventService,
  { name, busName }: { name: unknown; busName: string },
  answer: (rule: RuleModel) => ServiceAnswer,
): ServiceAnswer {
  const rule = service.rules.find((each) => each.busName === busName && each.name === name);
  return rule ? answer(rule) : missing(`Rule ${String(name)} does not exist on EventBus ${busName}.`);
}

const described = ({ name, arn, busName, isEnabled, pattern, schedule }: RuleModel) => ({
  ...{ Name: name, Arn: arn, EventBusName: busName, State: isEnabled ? 'ENABLED' : 'DISABLED' },
  ...(pattern !== null && { EventPattern: JSON.stringify(pattern) }),
  ...(schedule !== null && { ScheduleExpression: schedule.expression }),
});

function describedTarget({ id, arn, to, input, ...target }: RuleTargetModel, ruleArn: string) {
  const [region, account] = ruleArn.split(':').slice(3);
  return {
    ...{ Id: id, Arn: arn },
    ...(input.kind === 'constant' && { Input: input.text }),
    ...(input.kind === 'path' && { InputPath: input.path }),
    ...(input.kind === 'transformer' && {
      InputTransformer: { InputPathsMap: input.paths, InputTemplate: input.template },
    }),
    ...(to.kind === 'queue' && to.messageGroupId !== null && { SqsParameters: { MessageGroupId: to.messageGroupId } }),
    RetryPolicy: {
      MaximumRetryAttempts: target.maximumRetries,
      MaximumEventAgeInSeconds: target.maximumAgeMs / 1_000,
    },
    ...(target.deadLetters && {
      DeadLetterConfig: { Arn: `arn:aws:sqs:${region}:${account}:${target.deadLetters.queueName}` },
    }),
  };
}
