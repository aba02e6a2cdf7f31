import type { Caller } from '../domain/channels/channel-guard.ts';
import { permissionsOf } from '../domain/channels/permissions.ts';

/** The part of API Gateway's WebSocket events that the handlers read. Every event of a connection includes the authorizer's result. */
export interface WebSocketEvent {
  requestContext: {
    connectionId: string;
    /** The user, and the authorizer's context: every value as text. */
    authorizer?: { principalId?: string; [key: string]: unknown };
  };
  body?: string;
}

export interface WebSocketAnswer {
  statusCode: number;
  body?: string;
}

/** The user of a connection. Throws if the route has no authorizer: a defect of the stack. */
export function userOf({ requestContext }: WebSocketEvent): string {
  const userId = requestContext.authorizer?.principalId;
  if (!userId) throw new Error('The event has no user: the $connect route must have the authorizer.');
  return userId;
}

/** Who sent a message. Throws as {@link userOf} does. */
export function callerOf(event: WebSocketEvent): Caller {
  const { connectionId, authorizer } = event.requestContext;
  return { connectionId, userId: userOf(event), permissions: permissionsOf(authorizer ?? {}) };
}
