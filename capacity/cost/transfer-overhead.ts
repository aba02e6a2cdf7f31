/** Bytes to the internet beside the payload of frames. */
import { askRate, type Moment } from '../demand/rates.ts';
import type { CostOverheads } from './cost-overheads.ts';

/**
 * Bytes a second: every frame to a client has a header and a TLS record of its own; every connection a handshake of TLS and of WebSocket;
 * every webhook and every request of a client an answer. `frames`: pushes and answers a second.
 */
export const overheadByteRate = (
  frames: number,
  { connects, webhooks, ...moment }: Pick<Moment, 'connects' | 'webhooks' | 'asks'>,
  { frameHeaderBytes, tlsRecordBytes, handshakeBytes, webhookAnswerBytes }: CostOverheads,
): number =>
  frames * (frameHeaderBytes + tlsRecordBytes) +
  connects * handshakeBytes +
  (webhooks + askRate(moment)) * (webhookAnswerBytes + tlsRecordBytes);
