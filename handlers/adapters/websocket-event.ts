/** What the handlers read of API Gateway's WebSocket events. The authorizer's answer comes with every event of a connection. */
export interface WebSocketEvent {
  requestContext: {
    connectionId: string;
    authorizer?: { principalId?: string };
  };
  body?: string;
}

export interface WebSocketAnswer {
  statusCode: number;
  body?: string;
}

/** The user of a connection. Throws when the route has no authorizer: a fault of the stack. */
export function userOf({ requestContext }: WebSocketEvent): string {
  const userId = requestContext.authorizer?.principalId;
  if (!userId) throw new Error('The event names no user: the $connect route must have the authorizer.');
  return userId;
}
