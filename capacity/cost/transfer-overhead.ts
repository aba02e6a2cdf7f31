/** Bytes to the internet beside the payload of frames. */
import type { Moment } from '../demand/rates.ts';
import type { CostOverheads } from './cost-overheads.ts';

/**
 * Bytes a second: every frame to a client has a header and a TLS record of its own; every connection a handshake of TLS and of WebSocket;
 * every webhook an answer. `frames`: pushes and answers a second.
 */
export const overheadByteRate = (
  frames: number,
  { connects, webhooks }: Pick<Moment, 'connects' | 'webhooks'>,
  { frameHeaderBytes, tlsRecordBytes, handshakeBytes, webhookAnswerBytes }: CostOverheads,
): number =>
  frames * (frameHeaderBytes + tlsRecordBytes) +
  connects * handshakeBytes +
  webhooks * (webhookAnswerBytes + tlsRecordBytes);
