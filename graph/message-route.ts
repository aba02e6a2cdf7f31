/** Which route of a WebSocket API a message takes. Pure. */
import type { Api } from './model.ts';

/**
 * The route whose key is the text of one of the message's fields, as route selection expressions pick it (`$request.body.action`); else `$default`, where
 * there is one. Null: no route takes it, or the message is not JSON.
 */
export function routeOfMessage({ routes }: Pick<Api, 'routes'>, message: string): string | null {
  const keys = routes.map(({ key }) => key);
  const named = fieldsOf(message).find((value) => !value.startsWith('$') && keys.includes(value));
  return named ?? keys.find((key) => key === '$default') ?? null;
}

function fieldsOf(message: string): string[] {
  try {
    const parsed: unknown = JSON.parse(message);
    if (typeof parsed !== 'object' || parsed === null) return [];
    return Object.values(parsed).filter((value) => typeof value === 'string');
  } catch {
    return [];
  }
}
