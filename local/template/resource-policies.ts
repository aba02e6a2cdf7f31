/**
 * Whether the policy of a queue or topic lets a service deliver to it. Sources: SNS developer guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic";
 * EventBridge user guide, "Using resource-based policies", read November 2026. Pure.
 */
import type { StackTemplate } from '../../template/template.ts';
import { isObject, type Json, Problems, TemplateError } from '../../template/template-error.ts';
import { isArnLike } from './permissions.ts';
import type { ResourceKind } from './resource-kinds.ts';
import type { TemplateResource } from './resources.ts';

export interface ResourcePolicy {
  /** Of what it is the policy. Null: it could not be read, and may be of any. */
  arns: readonly string[] | null;
  statements: readonly Json[];
}

/** A delivery: to a queue or topic, from a topic or a rule. */
interface Delivery {
  resourceArn: string;
  sourceArn: string;
  /** As `sns.amazonaws.com`. */
  principal: string;
}

export const allowsDelivery = (policies: readonly ResourcePolicy[], delivery: Delivery): boolean =>
  policies.some(({ arns, statements }) =>
    arns === null
      ? true
      : arns.includes(delivery.resourceArn) && statements.some((statement) => allows(statement, delivery)),
  );

/** Of the stack's queues. What a policy names may not be served: then it is taken to allow what it says. */
export const queuePoliciesOf = (source: PolicySource): ResourcePolicy[] =>
  policiesOf(source, {
    ...{ policy: 'queuePolicy', of: 'queue', list: ['Queues', 'Queue'] },
    arnOf: ({ resolver }, id) => String(resolver.getAtt(id, 'Arn')),
  });

/** Of the stack's topics, likewise. */
export const topicPoliciesOf = (source: PolicySource): ResourcePolicy[] =>
  policiesOf(source, {
    ...{ policy: 'topicPolicy', of: 'topic', list: ['Topics', 'TopicArn'] },
    arnOf: ({ resolver }, id) => String(resolver.ref(id)),
  });

interface PolicySource {
  template: StackTemplate;
  resources: readonly TemplateResource[];
}

interface PolicyKind {
  policy: ResourceKind;
  of: ResourceKind;
  /** Its properties that name what it is of: several, or one. */
  list: readonly [string, string];
  arnOf: (template: StackTemplate, logicalId: string) => string;
}

function policiesOf({ resources, template }: PolicySource, { policy, of, list, arnOf }: PolicyKind): ResourcePolicy[] {
  const named = (logicalId: string, reference: string): string => {
    const found = resources.find(
      (each) => each.kind === of && String(template.resolver.ref(each.logicalId)) === reference,
    );
    if (found === undefined) throw new TemplateError(logicalId, `names nothing of the stack: ${reference}`);
    return arnOf(template, found.logicalId);
  };
  return resources
    .filter(({ kind }) => kind === policy)
    .map(({ logicalId }) => {
      const apart = new Problems();
      const properties = apart.attempt(() => template.propertiesOf(logicalId));
      if (properties === null) return { arns: null, statements: [] };
      const [several, one] = list;
      const references = properties[several] ?? properties[one] ?? [];
      const document = properties.PolicyDocument;
      return {
        arns: textsOf(references).flatMap((reference) => apart.attempt(() => named(logicalId, reference)) ?? []),
        statements: listOf(isObject(document) ? document.Statement : undefined),
      };
    });
}

const actions = ['sqs:sendmessage', 'sqs:send*', 'sqs:*', 'sns:publish', 'sns:*', '*'];

function allows(statement: Json, delivery: Delivery): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow') return false;
  const { Action: action, Principal: principal, Condition: condition } = statement;
  const isSending = textsOf(action).some((each) => actions.includes(each.toLowerCase()));
  return isSending && isFor(principal, delivery) && holds(condition, delivery);
}

function isFor(given: Json | undefined, { principal }: Delivery): boolean {
  if (given === '*') return true;
  if (!isObject(given)) return false;
  return textsOf(given.AWS).includes('*') || textsOf(given.Service).includes(principal);
}

/** By the source's ARN; any other condition is taken to hold. */
function holds(condition: Json | undefined, { sourceArn }: Delivery): boolean {
  if (!isObject(condition)) return true;
  return Object.entries(condition).every(([operator, wanted]) => {
    if (!/^(Arn|String)(Equals|Like)/.test(operator) || !isObject(wanted)) return true;
    return Object.entries(wanted).every(
      ([key, values]) =>
        key.toLowerCase() !== 'aws:sourcearn' || textsOf(values).some((pattern) => isArnLike(pattern, sourceArn)),
    );
  });
}

const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const textsOf = (value: Json | undefined): string[] => listOf(value).map(String);
