/** Whether a queue's policy lets SNS send to it. Source: SNS developer guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic", read November 2026. Pure. */
import { isObject, type Json } from '../../../template/template-error.ts';
import { isArnLike } from '../permissions.ts';

export interface QueuePolicy {
  /** Null: it could not be read, and may be of any. */
  queueArns: readonly string[] | null;
  statements: readonly Json[];
}

/** `properties` null: they name what is not known here. */
export function queuePolicyOf(
  properties: Readonly<Record<string, Json>> | null,
  arnOf: (queueUrl: string) => string,
): QueuePolicy {
  if (properties === null) return { queueArns: null, statements: [] };
  const { PolicyDocument: document, Queues: queues, Queue: queue } = properties;
  const statements = isObject(document) ? document.Statement : undefined;
  const urls = Array.isArray(queues) ? queues : [queue ?? ''];
  return {
    queueArns: urls.flatMap((url) => known(String(url), arnOf)),
    statements: Array.isArray(statements) ? statements : statements === undefined ? [] : [statements],
  };
}

/** Of another stack: none. */
function known(url: string, arnOf: (queueUrl: string) => string): string[] {
  try {
    return [arnOf(url)];
  } catch {
    return [];
  }
}

export const allowsSending = (
  policies: readonly QueuePolicy[],
  { queueArn, topicArn }: { queueArn: string; topicArn: string },
): boolean =>
  policies.some(({ queueArns, statements }) =>
    queueArns === null
      ? true
      : queueArns.includes(queueArn) && statements.some((statement) => allows(statement, topicArn)),
  );

const actions = ['sqs:sendmessage', 'sqs:send*', 'sqs:*', '*'];

function allows(statement: Json, topicArn: string): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow') return false;
  const { Action: action, Principal: principal, Condition: condition } = statement;
  const isSending = listOf(action).some((each) => actions.includes(each.toLowerCase()));
  return isSending && isSns(principal) && holds(condition, topicArn);
}

function isSns(principal: Json | undefined): boolean {
  if (principal === '*') return true;
  if (!isObject(principal)) return false;
  return listOf(principal.AWS).includes('*') || listOf(principal.Service).includes('sns.amazonaws.com');
}

/** By the source's ARN; any other condition is taken to hold. */
function holds(condition: Json | undefined, topicArn: string): boolean {
  if (!isObject(condition)) return true;
  return Object.entries(condition).every(([operator, wanted]) => {
    if (!/^(Arn|String)(Equals|Like)/.test(operator) || !isObject(wanted)) return true;
    return Object.entries(wanted).every(
      ([key, values]) =>
        key.toLowerCase() !== 'aws:sourcearn' || listOf(values).some((pattern) => isArnLike(pattern, topicArn)),
    );
  });
}

const listOf = (value: Json | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
