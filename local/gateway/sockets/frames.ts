import type { Writable } from 'node:stream';

/**
 * API Gateway's own messages to a WebSocket client. The spacing is AWS's own: a space after the first colon and after
 * commas, none after later colons; clients match on it.
 */
export function gatewayFrame(message: string, connectionId: string, requestId: string): string {
  return `{"message": ${JSON.stringify(message)}, "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}

/** Of a message that a model of its route refuses: with the message's id. Source: API Gateway developer guide, "Integration responses in WebSocket APIs", read November 2026. */
export const badBodyFrame = (connectionId: string, messageId: string): string =>
  `{"message" : "Bad request body", "connectionId": "${connectionId}", "messageId": "${messageId}"}`;

/** Splits a message into frames of at most `frameBytes`; a frame may end inside a character (RFC 6455, 5.4). */
export function splitFrames(message: Buffer, frameBytes: number): readonly Buffer[] {
  if (message.length <= frameBytes) return [message];
  const frames: Buffer[] = [];
  for (let from = 0; from < message.length; from += frameBytes) frames.push(message.subarray(from, from + frameBytes));
  return frames;
}

const textFrame = 0x1;
const continuationFrame = 0x0;
const finalFrame = 0x80;
/** Copying a payload of up to this many bytes behind its header is cheaper than a second buffer in the write. */
const copiedBytes = 16_384;

/**
 * Writes one text message as unmasked frames (RFC 6455, 5.2), each of at most `frameBytes`. Header and payload go in one buffer where
 * that is cheaper: a message is one write.
 */
export function writeTextFrames(socket: Writable, message: string | Buffer, frameBytes: number): void {
  // A text of this many code units cannot exceed either bound in UTF-8: no split, no second copy.
  if (message.length * (typeof message === 'string' ? 3 : 1) <= Math.min(frameBytes, copiedBytes)) {
    const bytes = typeof message === 'string' ? Buffer.byteLength(message) : message.length;
    const frame = frameOf(bytes, textFrame | finalFrame, bytes);
    if (typeof message === 'string') frame.write(message, frame.length - bytes);
    else message.copy(frame, frame.length - bytes);
    socket.write(frame);
    return;
  }
  const payloads = splitFrames(typeof message === 'string' ? Buffer.from(message) : message, frameBytes);
  socket.cork();
  for (const [index, payload] of payloads.entries()) {
    const first = (index === 0 ? textFrame : continuationFrame) | (index === payloads.length - 1 ? finalFrame : 0);
    if (payload.length <= copiedBytes) {
      const frame = frameOf(payload.length, first, payload.length);
      payload.copy(frame, frame.length - payload.length);
      socket.write(frame);
    } else {
      socket.write(frameOf(payload.length, first, 0));
      socket.write(payload);
    }
  }
  socket.uncork();
}

/** A buffer that begins with the header of a frame of `payloadBytes` and has room for `room` bytes after it. */
function frameOf(payloadBytes: number, firstByte: number, room: number): Buffer {
  const headerBytes = payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + room);
  frame[0] = firstByte;
  if (headerBytes === 2) frame[1] = payloadBytes;
  else if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(payloadBytes, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(payloadBytes, 6);
  }
  return frame;
}
