/**
 * What API Gateway itself says to a WebSocket client. The spacing is AWS's own: a space after the first colon and after
 * commas, none after later colons; clients match on it.
 */
export type GatewayMessage = 'Forbidden' | 'Internal server error' | 'Endpoint request timed out' | 'Too Many Requests';

export function gatewayFrame(message: GatewayMessage, connectionId: string, requestId: string): string {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}

/** Splits a message into frames of at most `frameBytes`; a frame may end inside a character (RFC 6455, 5.4). */
export function splitFrames(message: Buffer, frameBytes: number): readonly Buffer[] {
  if (message.length <= frameBytes) return [message];
  const frames: Buffer[] = [];
  for (let from = 0; from < message.length; from += frameBytes) frames.push(message.subarray(from, from + frameBytes));
  return frames;
}
