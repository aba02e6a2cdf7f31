/**
 * The variables of mapping templates: $input, $context, $stageVariables and $util. Pure.
 * Source: API Gateway developer guide, "Mapping template variables", read November 2026.
 */
import { atPath } from './json-path.ts';

/** What templates and parameter expressions may take from. */
export interface MappingSource {
  body: string;
  path: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** In the client's case. */
  headers: Readonly<Record<string, string>>;
  context: Readonly<Record<string, unknown>>;
  stageVariables: Readonly<Record<string, string>>;
}

/** The body as JSON; a body that is not JSON is a text, an empty one an empty object. */
export function bodyOf({ body }: Pick<MappingSource, 'body'>): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

export function templateVariables(source: MappingSource): Record<string, unknown> {
  const { path, query, headers, context, stageVariables, body } = source;
  const json = bodyOf(source);
  const params = (name?: string) =>
    name === undefined
      ? { path, querystring: query, header: headers }
      : (path[name] ?? query[name] ?? headerOf(headers, name) ?? '');
  return {
    input: {
      body,
      params,
      path: (expression: string) => atPath(json, expression) ?? '',
      json: (expression: string) => JSON.stringify(atPath(json, expression) ?? ''),
    },
    context: { ...context },
    stageVariables: { ...stageVariables },
    util,
  };
}

export const headerOf = (headers: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

/** JavaScript's own escapes, as of Apache Commons Lang, which API Gateway names as its source. */
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  "'": "\\'",
  '/': '\\/',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

const util = {
  escapeJavaScript: (text: unknown) =>
    String(text ?? '').replaceAll(/[\\"'/\n\r\t\b\f]/g, (character) => escapes[character] ?? character),
  parseJson: (text: unknown) => JSON.parse(String(text)),
  urlEncode: (text: unknown) => encodeURIComponent(String(text ?? '')).replaceAll('%20', '+'),
  urlDecode: (text: unknown) => decodeURIComponent(String(text ?? '').replaceAll('+', ' ')),
  base64Encode: (text: unknown) => Buffer.from(String(text ?? '')).toString('base64'),
  base64Decode: (text: unknown) => Buffer.from(String(text ?? ''), 'base64').toString(),
};
