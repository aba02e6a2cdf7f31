/** A webhook as either kind of API passes it to a function: HTTP APIs with payload format 2.0, REST APIs with theirs. */
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';

export type WebhookEvent = APIGatewayProxyEventV2 | APIGatewayProxyEvent;

export const methodOf = (event: WebhookEvent): string =>
  'httpMethod' in event ? event.httpMethod : event.requestContext.http.method;

/** HTTP APIs lower-case names of headers, REST APIs leave them as they were sent. */
export function headerOf({ headers }: WebhookEvent, wanted: string): string | undefined {
  for (const [name, value] of Object.entries(headers ?? {})) if (name.toLowerCase() === wanted) return value;
  return undefined;
}

export const bodyOf = ({ body, isBase64Encoded }: WebhookEvent): Buffer =>
  Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
