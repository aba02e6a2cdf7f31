/** Event buses and rules of EventBridge. Sources: EventBridge user guide; CloudFormation's AWS::Events::Rule, read November 2026. Pure. */
import { busNameOf, defaultBus } from '../../../graph/event-buses.ts';
import { type PropertyReader, propertiesOf } from '../../../template/properties.ts';
import type { StackTemplate } from '../../../template/template.ts';
import { isObject, type Json, type Problems } from '../../../template/template-error.ts';
import { patternProblem } from '../../events/event-pattern.ts';
import type { QueueModel, TemplateWarning } from '../model.ts';
import type { Permission } from '../permissions.ts';
import { queuePoliciesOf, topicPoliciesOf } from '../resource-policies.ts';
import type { TemplateResource } from '../resources.ts';
import type { TopicModel } from '../topics/topic.ts';
import { cronFieldsOf } from './cron.ts';
import type { EventBusModel, RuleModel } from './rule.ts';
import { type TargetPlace, targetOf } from './rule-target.ts';

interface RuleSource {
  template: StackTemplate;
  resources: readonly TemplateResource[];
  queues: readonly QueueModel[];
  topics: readonly TopicModel[];
  /** Function name or ARN → function name. */
  functionNames: ReadonlyMap<string, string>;
  permissions: readonly Permission[];
  problems: Problems;
  warnings: TemplateWarning[];
}

export const eventBusesOf = ({ resources, template }: RuleSource): EventBusModel[] =>
  resources
    .filter(({ kind }) => kind === 'eventBus')
    .map(({ logicalId }) => ({
      logicalId,
      name: String(template.resolver.ref(logicalId)),
      arn: String(template.resolver.getAtt(logicalId, 'Arn')),
    }));

/** All that cannot be served is among the problems: buses that are not the stack's, patterns that AWS refuses, targets of other services. */
export function rulesOf(source: RuleSource): RuleModel[] {
  const buses = [defaultBus, ...eventBusesOf(source).map(({ name }) => name)];
  const place: TargetPlace = {
    ...source,
    queuePolicies: queuePoliciesOf(source),
    topicPolicies: topicPoliciesOf(source),
  };
  return source.resources
    .filter(({ kind }) => kind === 'rule')
    .flatMap(
      (resource) => source.problems.attempt(() => ruleOf(propertiesOf(resource), { source, buses, place })) ?? [],
    );
}

function ruleOf(
  read: PropertyReader,
  { source, buses, place }: { source: RuleSource; buses: readonly string[]; place: TargetPlace },
): RuleModel {
  const { logicalId } = read;
  // By name or by ARN.
  const busName = busNameOf(read.text('EventBusName') ?? defaultBus);
  if (!buses.includes(busName))
    throw read.error('EventBusName', `the stack has no event bus ${busName}: its own and ${defaultBus} only`);
  const arn = String(source.template.resolver.getAtt(logicalId, 'Arn'));
  const pattern = patternOf(read);
  const schedule = scheduleOf(read);
  if (pattern === null && schedule === null)
    throw read.error('EventPattern', 'is missing, and so is ScheduleExpression');
  if (schedule !== null && busName !== defaultBus)
    throw read.error('ScheduleExpression', `schedules are rules of the bus ${defaultBus} only`);
  const given = read.json('Targets');
  const targets = (Array.isArray(given) ? given : []).filter(isObject);
  return {
    ...{ logicalId, name: arn.slice(arn.lastIndexOf('/') + 1), arn, busName, pattern, schedule },
    isEnabled: read.text('State') !== 'DISABLED',
    targets: targets.flatMap(
      (target, index) => source.problems.attempt(() => targetOf(read, { target, index, ruleArn: arn }, place)) ?? [],
    ),
  };
}

function patternOf(read: PropertyReader): Json | null {
  const given = read.json('EventPattern');
  if (given === undefined) return null;
  const pattern = typeof given === 'string' ? parsed(read, given) : given;
  const problem = patternProblem(pattern);
  if (problem !== null) throw read.error('EventPattern', problem);
  return pattern;
}

function parsed(read: PropertyReader, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw read.error('EventPattern', 'is not JSON');
  }
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function scheduleOf(read: PropertyReader): RuleModel['schedule'] {
  const expression = read.text('ScheduleExpression');
  if (expression === undefined) return null;
  const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const everyMs = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (everyMs > 0) return { kind: 'rate', everyMs, expression };
  const fields = cronFieldsOf(expression);
  if (fields !== null) return { kind: 'cron', fields, expression };
  throw read.error(
    'ScheduleExpression',
    `${expression} is neither a rate, as rate(5 minutes), nor a cron expression of six fields, as cron(0 10 * * ? *)`,
  );
}
