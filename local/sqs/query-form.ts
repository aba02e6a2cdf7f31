/**
 * SQS's older protocol, which SDKs from before 2023 and version 1 of the AWS CLI use: a form (`Attribute.1.Name=…`), converted here
 * to the input of the JSON protocol. Pure. Source: SQS API reference, Query requests; botocore's sqs model of 2023 for the names.
 */
export type QueryInput = Record<string, unknown>;

const numbers = new Set(['MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds', 'DelaySeconds', 'MaxResults']);
/** Prefix of a flattened list → the JSON protocol's name. */
const textLists: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  TagKey: 'TagKeys',
};
const entryLists = new Set([
  'SendMessageBatchRequestEntry',
  'DeleteMessageBatchRequestEntry',
  'ChangeMessageVisibilityBatchRequestEntry',
]);
/** Flattened maps: their name in the JSON protocol, and the names of their key and value. */
const maps: Readonly<Record<string, { name: string; key: string; value: string }>> = {
  Attribute: { name: 'Attributes', key: 'Name', value: 'Value' },
  Tag: { name: 'tags', key: 'Key', value: 'Value' },
  MessageAttribute: { name: 'MessageAttributes', key: 'Name', value: 'Value' },
  MessageSystemAttribute: { name: 'MessageSystemAttributes', key: 'Name', value: 'Value' },
};

/** @param path of the request: older SDKs post to the queue's URL and omit QueueUrl. */
export function queryInput(form: URLSearchParams, path: string): { action: string; input: QueryInput } {
  const fields = [...form].filter(([name]) => name !== 'Action' && name !== 'Version' && !name.startsWith('X-Amz-'));
  const input = structureOf(fields.map(([name, value]): [string[], string] => [name.split('.'), value]));
  if (input.QueueUrl === undefined && path.split('/').filter(Boolean).length === 2) input.QueueUrl = path;
  const action = form.get('Action') ?? '';
  // TagQueue calls its map Tags, CreateQueue tags.
  if (action === 'TagQueue' && input.tags !== undefined) input.Tags = input.tags;
  return { action, input };
}

type Field = [path: string[], value: string];

function structureOf(fields: readonly Field[]): QueryInput {
  const input: QueryInput = {};
  for (const [name, members] of groupBy(fields)) {
    const map = maps[name];
    const list = textLists[name];
    if (map) input[map.name] = mapOf(members, map);
    else if (list) input[list] = numbered(members).map(([, [first]]) => first?.[1] ?? '');
    else if (entryLists.has(name)) input.Entries = numbered(members).map(([, entry]) => structureOf(entry));
    else {
      const value = members[0]?.[1] ?? '';
      input[name] = numbers.has(name) ? Number(value) : value;
    }
  }
  return input;
}

function mapOf(members: readonly Field[], names: { key: string; value: string }): QueryInput {
  const entries = numbered(members).map(([, parts]): [string, unknown] => {
    const key = parts.find(([path]) => path[0] === names.key)?.[1] ?? '';
    const values = parts
      .filter(([path]) => path[0] === names.value)
      .map(([path, value]): Field => [path.slice(1), value]);
    const [only] = values;
    return [key, only && only[0].length === 0 ? only[1] : structureOf(values)];
  });
  return Object.fromEntries(entries);
}

/** Grouped by the first part of the path, which is removed. */
function groupBy(fields: readonly Field[]): Map<string, Field[]> {
  const groups = new Map<string, Field[]>();
  for (const [[first = '', ...rest], value] of fields) {
    const group = groups.get(first);
    if (group) group.push([rest, value]);
    else groups.set(first, [[rest, value]]);
  }
  return groups;
}

function numbered(fields: readonly Field[]): [number, Field[]][] {
  return [...groupBy(fields)]
    .map(([index, members]): [number, Field[]] => [Number(index), members])
    .toSorted(([a], [b]) => a - b);
}
