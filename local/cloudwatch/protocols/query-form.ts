/**
 * Reads the form of the Query protocol, `MetricData.member.1.Value=2`, into the input that its shape describes.
 * The form may be hostile: only fields of the shape are looked up, and a list has as many members as were sent.
 */
import { CloudWatchError } from '../cloudwatch-error.ts';
import type { Shape } from './query-shapes.ts';

/** A name is split at its dots into a tree; `value` was given for the name that ends here. */
interface FormNode {
  value?: string;
  children: Map<string, FormNode>;
}

/** Deeper than the deepest name of CloudWatch, MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value. */
const maxDepth = 12;

/** Unknown parameters are ignored, as by CloudWatch. Throws a CloudWatchError that names the parameter. */
export function readForm(form: URLSearchParams, shape: Shape): unknown {
  const root: FormNode = { children: new Map() };
  for (const [name, value] of form) {
    const parts = name.split('.', maxDepth + 1);
    if (parts.length > maxDepth) continue;
    let node = root;
    for (const part of parts) {
      const known = node.children.get(part);
      const child = known ?? { children: new Map() };
      if (known === undefined) node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  return read(root, shape, '') ?? {};
}

/** undefined: nothing was given for it. */
function read(node: FormNode, shape: Shape, name: string): unknown {
  switch (shape.kind) {
    case 'structure': {
      const fields = Object.entries(shape.fields).flatMap(([field, of]) => {
        const child = node.children.get(field);
        return child === undefined ? [] : [[field, read(child, of, name === '' ? field : `${name}.${field}`)]];
      });
      return Object.fromEntries(fields);
    }
    case 'list':
      return readList(node, shape.of, name);
    default:
      return node.value === undefined ? undefined : scalar(node.value, shape.kind, name);
  }
}

function readList(node: FormNode, of: Shape, name: string): unknown[] {
  const members = node.children.get('member')?.children ?? new Map<string, FormNode>();
  const numbered = [...members].map(([key, member]) => ({ index: Number(key), member }));
  if (numbered.some(({ index }) => !Number.isSafeInteger(index) || index < 1)) {
    throw new CloudWatchError('serialization', `${name}.member: the members of a list are numbered from 1.`);
  }
  return numbered
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, member }) => read(member, of, `${name}.member.${index}`));
}

function scalar(text: string, kind: 'text' | 'number' | 'boolean' | 'timestamp', name: string): unknown {
  const malformed = (wanted: string) =>
    new CloudWatchError('serialization', `${name}: "${text.slice(0, 100)}" is not ${wanted}.`);
  switch (kind) {
    case 'text':
      return text;
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw malformed('true or false');
      return text === 'true';
    case 'number': {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(value)) throw malformed('a number');
      return value;
    }
    case 'timestamp': {
      // ISO 8601 by every client seen; seconds since the epoch are accepted as well.
      const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1_000;
      if (!Number.isFinite(seconds)) throw malformed('a time in ISO 8601');
      return seconds;
    }
  }
}
