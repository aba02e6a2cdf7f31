/** Request parameter mapping of HTTP APIs: `$request.x` as a whole, `${request.x}` inside a text; `context` and `stageVariables` likewise. Pure. */

export interface MappedRequest {
  body: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  path: string;
  pathParameters?: Readonly<Record<string, string>>;
  context?: Readonly<Record<string, string>>;
  stageVariables?: Readonly<Record<string, string>>;
}

/** A missing value becomes ''. Throws for a source that the local target does not support. */
export function mapParameter(expression: string, request: MappedRequest): string {
  const whole = /^\$((?:request|context|stageVariables)\.[\w.-]+)$/.exec(expression);
  if (whole?.[1] !== undefined) return mappedValue(whole[1], request);
  return expression.replaceAll(/\$\{((?:request|context|stageVariables)\.[\w.-]+)\}/g, (_all, source: string) =>
    mappedValue(source, request),
  );
}

function mappedValue(source: string, request: MappedRequest): string {
  if (source === 'request.body') return request.body;
  if (source === 'request.path') return request.path;
  const header = /^request\.header\.(.+)$/.exec(source)?.[1];
  if (header !== undefined) return own(request.headers, header.toLowerCase());
  const query = /^request\.querystring\.(.+)$/.exec(source)?.[1];
  if (query !== undefined) return own(request.query, query);
  const parameter = /^request\.path\.(.+)$/.exec(source)?.[1];
  if (parameter !== undefined) return own(request.pathParameters ?? {}, parameter);
  const [, place, name = ''] = /^(context|stageVariables)\.(.+)$/.exec(source) ?? [];
  if (place === 'context') return own(request.context ?? {}, name);
  if (place === 'stageVariables') return own(request.stageVariables ?? {}, name);
  throw new Error(`Parameter mapping from ${source} is not supported by the local target.`);
}

function own(values: Readonly<Record<string, string | undefined>>, name: string): string {
  return Object.hasOwn(values, name) ? (values[name] ?? '') : '';
}
