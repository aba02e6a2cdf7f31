import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { meantIssues } from '../../engine/src/step/meant-issues.ts';
import { suggestion } from './nearest-key.ts';

type Path = readonly PropertyKey[];

/** A YAML file whose every value knows its place. */
export interface YamlSource {
  /** The whole file as plain values. */
  value: unknown;
  /** `file:line:column: sentence` for the value at a path; where there is none, for the nearest thing around it. */
  problemAt(path: Path, sentence: string): string;
  /** The same for a key itself. */
  problemAtKey(path: Path, key: string, sentence: string): string;
}

export type YamlParse = { kind: 'ok'; source: YamlSource } | { kind: 'invalid'; problems: string[] };

export function readYaml(text: string, fileName: string): YamlParse {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => `${place(pos[0])}: not valid YAML: ${message}`);
    return { kind: 'invalid', problems };
  }
  return {
    kind: 'ok',
    source: {
      value: document.toJS(),
      problemAt: (path, sentence) => `${place(offsetOf(document, path))}: ${sentence}`,
      problemAtKey: (path, key, sentence) => `${place(keyOffsetOf(document, path, key))}: ${sentence}`,
    },
  };
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keyOffsetOf(document: Document, path: Path, key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(map)) {
    for (const { key: node } of map.items) {
      if (isScalar(node) && String(node.value) === key && node.range) return node.range[0];
    }
  }
  return offsetOf(document, path);
}

/** Problems in the order of the file: they begin with `file:line:column`. */
export function inFileOrder(problems: readonly string[]): string[] {
  return problems.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** In an issue's params: it is about the last key of its path, not about the value, and its message is the whole sentence. */
export const aboutKey = 'aboutKey';

/** zod's issues as sentences: where, what was expected, what was found, and the nearest known key of a typo. */
export function describeIssues(
  source: YamlSource,
  issues: readonly z.core.$ZodIssue[],
  knownKeysAt: (path: Path) => readonly string[],
  renamed?: RenamedKeys,
): string[] {
  const problems = firstOfEach(meantIssues(issues)).flatMap((issue) => {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => source.problemAtKey(path, key, unknownKey(key, knownKeysAt(path), renamed)));
    if (issue.code === 'custom' && issue.params?.[aboutKey] === true)
      return [source.problemAtKey(path.slice(0, -1), String(path.at(-1)), issue.message)];
    const found = valueAt(source.value, path);
    const name = path.map(String).join('.');
    if (found === undefined) return [source.problemAt(path, `${name} is missing: ${expectedOf(issue)}.`)];
    return [source.problemAt(path, `${name || 'the file'}: ${expectedOf(issue)}, found ${show(found)}.`)];
  });
  return inFileOrder(problems);
}

/** One value is wrong once: 1e300 is neither below a maximum nor a whole number. */
function firstOfEach(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const isFirst = (issue: z.core.$ZodIssue, n: number) =>
    issues.findIndex(({ code, path }) => code !== 'unrecognized_keys' && String(path) === String(issue.path)) === n;
  return issues.filter((issue, n) => issue.code === 'unrecognized_keys' || isFirst(issue, n));
}

/** Former names of keys → current names. */
export type RenamedKeys = ReadonlyMap<string, string>;

/** A sentence about an unknown key: what was most likely meant. */
export function unknownKey(key: string, known: readonly string[], renamed?: RenamedKeys): string {
  const now = renamed?.get(key);
  if (now !== undefined && known.includes(now)) return `unknown key "${key}". It was renamed to "${now}".`;
  const near = suggestion(key, known);
  if (near === null && known.length === 0) return `unknown key "${key}": leave it out.`;
  return `unknown key "${key}". ${near ?? `Known keys here: ${known.join(', ')}.`}`;
}

function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${nouns[issue.expected] ?? issue.expected}`;
    case 'too_small': {
      if (issue.origin === 'array' && Number(issue.minimum) > 1) return entries(issue, 'at least', issue.minimum);
      if (issue.origin === 'array') return 'expected at least one entry';
      if (issue.origin === 'string') return 'expected at least one character';
      return `expected a number ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`;
    }
    case 'too_big':
      if (issue.origin === 'array') return entries(issue, 'at most', issue.maximum);
      return `expected a number ${issue.inclusive === false ? 'below' : 'of at most'} ${issue.maximum}`;
    case 'invalid_union': {
      const forms = issue.errors.flatMap((ofForm) => ofForm.slice(0, 1)).map(formOf);
      if (issue.errors.length === 0 && 'options' in issue)
        return `expected one of ${[issue.options].flat().join(', ')}`;
      // One that the schema words itself.
      if (issue.message !== 'Invalid input') return issue.message;
      return forms.length === 0 ? issue.message : `expected ${[...new Set(forms)].join(', or ')}`;
    }
    case 'invalid_format':
      // Zod's own words for a schema that has none.
      return issue.message === 'Invalid URL' ? 'expected a URL such as https://example.com' : issue.message;
    default:
      return issue.message;
  }
}

/** Of one form that a value may have. */
const formOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_value' ? issue.values.join(', ') : expectedOf(issue).replace(/^expected /, '');

const entries = ({ exact }: { exact?: boolean | undefined }, bound: string, count: number | bigint): string =>
  `expected ${exact ? '' : `${bound} `}${count} entries`;

const nouns: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
};

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}
