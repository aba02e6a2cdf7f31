/** The function of the HTTP and the REST API: the path determines its response. */
import { setTimeout as sleep } from 'node:timers/promises';

interface HttpEvent {
  /** Of the HTTP API. */
  rawPath?: string;
  /** Of the REST API. */
  path?: string;
  queryStringParameters?: Record<string, string>;
}

export async function handler(event: HttpEvent): Promise<unknown> {
  switch (event.rawPath ?? event.path) {
    case '/plain':
      return { plain: true };
    case '/text':
      return 'a text';
    case '/throw':
      throw new Error('thrown on purpose');
    case '/slow':
      await sleep(3_000);
      return { statusCode: 200, body: 'late' };
    case '/large':
      return { statusCode: 200, body: 'x'.repeat(Number(event.queryStringParameters?.bytes)) };
    default:
      return {
        statusCode: 201,
        headers: { 'X-Probe': 'yes' },
        cookies: ['a=1', 'b=2'],
        body: JSON.stringify(event),
      };
  }
}
