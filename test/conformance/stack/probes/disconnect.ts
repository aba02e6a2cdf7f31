/** $disconnect: records the event under the connection's id. */
import { observe } from './observe.ts';

export async function handler(event: { requestContext: { connectionId: string } }): Promise<unknown> {
  await observe(event.requestContext.connectionId, 'disconnect', event);
  return { statusCode: 200 };
}
