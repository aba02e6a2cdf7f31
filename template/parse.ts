/** The text of a template, JSON or YAML with CloudFormation's short forms (`!Ref`, `!Sub` …), as plain JSON with the long forms. Pure. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type Tags } from 'yaml';
import { isObject, isRecord, type Json, TemplateError } from './template-error.ts';

/** Not in CloudFormation's YAML: dates stay text, as in `Version: 2012-10-17`, and so do times, as in `22:30`. */
const omittedTags = ['tag:yaml.org,2002:timestamp', 'tag:yaml.org,2002:int', 'tag:yaml.org,2002:float'];
const isTime = (tag: Tags[number]) =>
  typeof tag === 'object' && 'format' in tag && tag.format === 'TIME' && omittedTags.includes(tag.tag);

/**
 * @param name of the file, for errors.
 * @throws {TemplateError} with line and column where the text is neither JSON nor YAML.
 */
export function parseTemplate(text: string, name: string): Record<string, Json> {
  const value = text.trimStart().startsWith('{') ? parseJson(text, name) : parseYaml(text, name);
  if (isRecord(value)) return value as Record<string, Json>;
  throw new TemplateError(name, 'is not a template: it has no sections such as Resources');
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TemplateError(name, `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseYaml(text: string, name: string): Json {
  const document = parseDocument(text, {
    version: '1.1',
    logLevel: 'silent',
    customTags: (tags) =>
      tags.filter((tag) => !isTime(tag) && !(typeof tag === 'object' && tag.tag === 'tag:yaml.org,2002:timestamp')),
  });
  const [error] = document.errors;
  if (error) throw new TemplateError(name, `is not YAML: ${error.message.split('\n', 1)[0]?.replace(/:$/, '')}`);
  return jsonOf(document.contents, document);
}

function jsonOf(node: unknown, document: Document.Parsed): Json {
  if (isAlias(node)) return jsonOf(node.resolve(document) ?? null, document);
  const value = untagged(node, document);
  const tag = tagOf(node);
  return tag === null ? value : { [tag]: value };
}

function untagged(node: unknown, document: Document.Parsed): Json {
  if (isSeq(node)) return node.items.map((item) => jsonOf(item, document));
  if (isMap(node)) {
    const entries = node.items.flatMap(({ key, value }): [string, Json][] => {
      const json = jsonOf(value, document);
      // A merge key (YAML 1.1) is a symbol to the parser.
      if (isScalar(key) && (typeof key.value === 'symbol' || key.value === '<<'))
        return [json].flat().flatMap((one) => (isObject(one) ? Object.entries(one) : []));
      return [[isScalar(key) ? String(key.value) : String(key), json]];
    });
    // What is written in the map itself wins over what it merges.
    const own = entries.filter(([name]) => node.has(name));
    return Object.fromEntries([...entries, ...own]);
  }
  if (!isScalar(node)) return null;
  const { value, source } = node;
  // YAML 1.1 takes a lone dot for a number: `CodeUri: .` is a path.
  if (Number.isNaN(value) && source === '.') return source;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  return value === null || value === undefined ? null : String(value);
}

/** The long form of a short one; null without a tag of CloudFormation's. */
function tagOf(node: unknown): string | null {
  const tag = (node as Node | null)?.tag;
  if (tag === undefined || !tag.startsWith('!') || tag.startsWith('!!')) return null;
  const name = tag.slice(1);
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}
