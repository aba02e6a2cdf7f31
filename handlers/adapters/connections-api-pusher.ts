/** Pushes through `@connections` of the WebSocket API. */
import { type ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import type { PushAttempt, Pusher } from '../domain/push.ts';

export class ConnectionsApiPusher implements Pusher {
  readonly #client: ApiGatewayManagementApiClient;

  constructor(client: ApiGatewayManagementApiClient) {
    this.#client = client;
  }

  async push(connectionId: string, frame: string): Promise<PushAttempt> {
    try {
      await this.#client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame }));
      return { kind: 'sent' };
    } catch (error) {
      return attemptOfError(error);
    }
  }
}

/** Interprets an SDK error. Exported for its tests. */
export function attemptOfError(error: unknown): PushAttempt {
  const status = statusOf(error);
  const reason = `@connections answered ${status ?? 'nothing'}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  switch (status) {
    // The body of a 410 is often not JSON, and then the SDK's error is not a GoneException: only the status tells.
    case 410:
      return { kind: 'gone' };
    // "Invalid connectionId": such a connection can never have existed.
    case 400:
      return reason.includes('connectionId') ? { kind: 'gone' } : { kind: 'refused', reason };
    case 429:
      return { kind: 'throttled' };
    default:
      return status === undefined || status >= 500 ? { kind: 'unavailable', reason } : { kind: 'refused', reason };
  }
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}
