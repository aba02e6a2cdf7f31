/** What tasks say to each other over the bus. */
import type { PushAttempt } from '../domain/pushing/push.ts';

/** Push each frame to these connections. */
export interface PushBatch {
  kind: 'push';
  /** The task to answer, and its number for this batch. */
  from: string;
  batch: number;
  frames: [frame: string, connectionIds: string[]][];
}

/** What became of each push of a batch, in its order. */
export interface PushReply {
  kind: 'reply';
  batch: number;
  kinds: PushAttempt['kind'][];
}

/** Null: not one of ours. Only tasks of the same version of the service and the bus itself write there. */
export function readBusMessage(text: string): PushBatch | PushReply | null {
  let message: PushBatch | PushReply | null;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null || typeof message.batch !== 'number') return null;
  switch (message.kind) {
    case 'push':
      return typeof message.from === 'string' && Array.isArray(message.frames) ? message : null;
    case 'reply':
      return Array.isArray(message.kinds) ? message : null;
    default:
      return null;
  }
}
