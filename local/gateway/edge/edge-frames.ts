/** The kinds of frames between core and edge, and their payloads. Both processes run this same file: no version negotiation is needed. */
import type { PostOutcome } from '../sockets/connection.ts';

/** Edge → core: an upgrade (JSON of UpgradeRequest), a message (its text), the end of a connection (JSON of its cause), … */
export const fromEdge = { upgrade: 1, message: 2, closed: 3, posted: 4, refused: 5 } as const;
/** Core → edge: the verdict on an upgrade (JSON of UpgradeVerdict), a message (its text), a post (see below), a close (JSON of its cause). */
export const toEdge = { verdict: 1, send: 2, post: 3, close: 4 } as const;

/** A post: its sequence number and how much may be buffered for the client (4 bytes each), then the message. */
const postHeaderBytes = 8;
/** 4 GiB − 1: in a frame, more has the same effect. */
const maxUnsigned = 0xffff_ffff;

export function encodePost(sequence: number, bufferBytes: number, message: Buffer): Buffer {
  const payload = Buffer.allocUnsafe(postHeaderBytes + message.length);
  payload.writeUInt32BE(sequence, 0);
  payload.writeUInt32BE(Math.min(bufferBytes, maxUnsigned), 4);
  message.copy(payload, postHeaderBytes);
  return payload;
}

export function decodePost(payload: Buffer): { sequence: number; bufferBytes: number; message: Buffer } {
  return {
    sequence: payload.readUInt32BE(0),
    bufferBytes: payload.readUInt32BE(4),
    message: payload.subarray(postHeaderBytes),
  };
}

const outcomes: readonly PostOutcome[] = ['sent', 'full', 'gone'];

/** The outcome of a post: its sequence number and one byte. */
export function encodePosted(sequence: number, outcome: PostOutcome): Buffer {
  const payload = Buffer.allocUnsafe(5);
  payload.writeUInt32BE(sequence, 0);
  payload.writeUInt8(outcomes.indexOf(outcome), 4);
  return payload;
}

export function decodePosted(payload: Buffer): { sequence: number; outcome: PostOutcome } {
  return { sequence: payload.readUInt32BE(0), outcome: outcomes[payload.readUInt8(4)] ?? 'gone' };
}
