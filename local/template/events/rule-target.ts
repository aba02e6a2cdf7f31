/** Targets of a rule: what is delivered where, and whether that is allowed. Source: EventBridge API reference, Target, read November 2026. Pure. */
import type { PropertyReader } from '../../../template/properties.ts';
import { isObject, type Json } from '../../../template/template-error.ts';
import { atPath } from '../../gateway/mapping/json-path.ts';
import type { QueueModel, TemplateWarning } from '../model.ts';
import { mayInvoke, type Permission } from '../permissions.ts';
import { allowsDelivery, type ResourcePolicy } from '../resource-policies.ts';
import type { TopicModel } from '../topics/topic.ts';
import type { RuleTargetModel, RuleTargetTo, TargetInput } from './rule.ts';

/** What targets may be, with what allows a delivery to it. */
export interface TargetPlace {
  queues: readonly QueueModel[];
  topics: readonly TopicModel[];
  functionNames: ReadonlyMap<string, string>;
  permissions: readonly Permission[];
  queuePolicies: readonly ResourcePolicy[];
  topicPolicies: readonly ResourcePolicy[];
  warnings: TemplateWarning[];
}

interface GivenTarget {
  target: Readonly<Record<string, Json>>;
  index: number;
  ruleArn: string;
}

const principal = 'events.amazonaws.com';
/** Defaults, and the most (EventBridge user guide, "Retrying event delivery", read November 2026). */
const mostRetries = 185;
const mostAgeSeconds = 86_400;

const known = [
  'Id',
  'Arn',
  'RoleArn',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'DeadLetterConfig',
  'SqsParameters',
];

/** @throws {TemplateError} for a target of another service, or not of the stack, and for parameters of other services. */
export function targetOf(read: PropertyReader, given: GivenTarget, place: TargetPlace): RuleTargetModel {
  const { target, ruleArn } = given;
  const at = `Targets.${given.index}`;
  const arn = String(target.Arn ?? '');
  const unknown = Object.keys(target).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw read.error(`${at}.${unknown}`, `the local target does not support this property of a target`);
  const to = toOf(read, { target, at }, place);
  const permitted = target.RoleArn !== undefined || isAllowed(to, arn, ruleArn, place);
  if (!permitted)
    place.warnings.push({
      kind: 'ruleNotPermitted',
      rule: read.logicalId,
      ruleArn,
      to: { kind: to.kind, name: nameOf(to) },
    });
  const retries = fieldsOf(target.RetryPolicy);
  return {
    ...{ id: String(target.Id ?? given.index), arn, to, permitted, input: inputOf(read, target, at) },
    maximumRetries: Number(retries.MaximumRetryAttempts ?? mostRetries),
    maximumAgeMs: Number(retries.MaximumEventAgeInSeconds ?? mostAgeSeconds) * 1_000,
    deadLetters: deadLettersOf(read, given, place),
  };
}

function toOf(
  read: PropertyReader,
  { target, at }: { target: GivenTarget['target']; at: string },
  { queues, topics, functionNames }: TargetPlace,
): RuleTargetTo {
  const arn = String(target.Arn ?? '');
  const functionName = functionNames.get(arn);
  if (functionName !== undefined) return { kind: 'function', functionName };
  const queue = queues.find((each) => each.arn === arn);
  if (queue !== undefined) {
    const group = fieldsOf(target.SqsParameters).MessageGroupId;
    if (queue.queueName.endsWith('.fifo') && group === undefined)
      throw read.error(`${at}.SqsParameters`, `${arn} is a FIFO queue: a MessageGroupId is missing`);
    return { kind: 'queue', queueName: queue.queueName, messageGroupId: group === undefined ? null : String(group) };
  }
  if (topics.some((each) => each.arn === arn)) return { kind: 'topic', topicArn: arn };
  throw read.error(`${at}.Arn`, `${arn} is not served as a target: functions, queues and topics of the stack only`);
}

function isAllowed(to: RuleTargetTo, resourceArn: string, sourceArn: string, place: TargetPlace): boolean {
  if (to.kind === 'function') return mayInvoke(place.permissions, to.functionName, sourceArn, principal);
  const policies = to.kind === 'queue' ? place.queuePolicies : place.topicPolicies;
  return allowsDelivery(policies, { resourceArn, sourceArn, principal });
}

function nameOf(to: RuleTargetTo): string {
  switch (to.kind) {
    case 'function':
      return to.functionName;
    case 'queue':
      return to.queueName;
    case 'topic':
      return to.topicArn.slice(to.topicArn.lastIndexOf(':') + 1);
  }
}

function inputOf(read: PropertyReader, target: GivenTarget['target'], at: string): TargetInput {
  const { Input: text, InputPath: path, InputTransformer: transformer } = target;
  if ([text, path, transformer].filter((each) => each !== undefined).length > 1)
    throw read.error(at, 'has several of Input, InputPath and InputTransformer: AWS takes one');
  if (text !== undefined) return { kind: 'constant', text: String(text) };
  if (path !== undefined) return { kind: 'path', path: knownPath(read, `${at}.InputPath`, String(path)) };
  if (transformer === undefined) return { kind: 'event' };
  const { InputTemplate: template, InputPathsMap: paths } = fieldsOf(transformer);
  if (typeof template !== 'string') throw read.error(`${at}.InputTransformer`, 'InputTemplate is missing');
  const pathOf = (value: Json) => knownPath(read, `${at}.InputTransformer`, String(value));
  const entries = Object.entries(fieldsOf(paths)).map(([name, value]) => [name, pathOf(value)] as const);
  return { kind: 'transformer', paths: Object.fromEntries(entries), template };
}

/** @throws {TemplateError} for one that is not understood. */
function knownPath(read: PropertyReader, at: string, path: string): string {
  try {
    atPath({}, path);
    return path;
  } catch (error) {
    throw read.error(at, error instanceof Error ? error.message : String(error));
  }
}

function deadLettersOf(
  read: PropertyReader,
  { target, index, ruleArn }: GivenTarget,
  { queues, queuePolicies }: TargetPlace,
): RuleTargetModel['deadLetters'] {
  const { Arn: arn } = fieldsOf(target.DeadLetterConfig);
  if (arn === undefined) return null;
  const queue = queues.find((each) => each.arn === arn);
  const at = `Targets.${index}.DeadLetterConfig`;
  if (queue === undefined) throw read.error(at, `the stack has no queue ${String(arn)}`);
  if (queue.queueName.endsWith('.fifo'))
    throw read.error(at, `${queue.queueName} is a FIFO queue: AWS takes standard ones only`);
  const delivery = { resourceArn: queue.arn, sourceArn: ruleArn, principal };
  return { queueName: queue.queueName, permitted: allowsDelivery(queuePolicies, delivery) };
}

const fieldsOf = (value: Json | undefined): Readonly<Record<string, Json>> => (isObject(value) ? value : {});
