/** `ws` bounds a message (maxPayload) but not a frame; API Gateway bounds both and answers either with 1009. */
import type { WebSocket } from 'ws';

/** The part of ws 8's receiver that this file relies on. */
interface Receiver {
  _opcode: number;
  _payloadLength: number;
  _maxPayload: number;
  haveLength(callback: (error?: Error) => void): void;
}

function receiverOf(socket: WebSocket): Receiver {
  const receiver: unknown = Reflect.get(socket, '_receiver');
  const usable =
    typeof receiver === 'object' &&
    receiver !== null &&
    typeof Reflect.get(receiver, 'haveLength') === 'function' &&
    typeof Reflect.get(receiver, '_payloadLength') === 'number';
  if (!usable)
    throw new Error('This version of ws has a different receiver: the frame limit cannot be enforced. Use ws 8.');
  return receiver as Receiver;
}

/** Makes the socket fail with 1009 on a data frame over `frameBytes`, before its payload is read. */
export function limitFrames(socket: WebSocket, frameBytes: number): void {
  const receiver = receiverOf(socket);
  const haveLength = receiver.haveLength;
  receiver.haveLength = (callback) => {
    // The receiver has just read a frame's length. With a message bound of one byte it refuses the frame itself.
    if (receiver._opcode < 0x08 && receiver._payloadLength > frameBytes) receiver._maxPayload = 1;
    haveLength.call(receiver, callback);
  };
}
