/** One connection to the server, signed in. */
import { connect, type Socket } from 'node:net';
import { MessageScanner, type StartupParameters, startupMessage, stateOf } from './wire.ts';

/** `refused`: with the server's own message and its SQLSTATE. `down`: nobody answers. */
export type Opened =
  | { kind: 'open'; socket: Socket; greeting: Buffer }
  | { kind: 'refused'; state: string; answer: Buffer }
  | { kind: 'down' };

/** `greeting`: all that the server says until it is ready for a query. The socket is paused. */
export function openConnection(socketPath: string, parameters: StartupParameters): Promise<Opened> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const received: Buffer[] = [];
    let result: Opened | null = null;
    const scanner = new MessageScanner((type, start) => {
      if (type === 'E') result = { kind: 'refused', state: stateOf(start), answer: Buffer.concat(received) };
      if (type === 'Z') result = { kind: 'open', socket, greeting: Buffer.concat(received) };
    });
    const end = (opened: Opened) => {
      socket.removeAllListeners();
      socket.on('error', () => {});
      if (opened.kind !== 'open') socket.destroy();
      resolve(opened);
    };
    socket.on('connect', () => socket.write(startupMessage(parameters)));
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      scanner.feed(chunk);
      if (result !== null) {
        socket.pause();
        end(result);
      }
    });
    socket.on('error', () => end({ kind: 'down' }));
    socket.on('close', () => end({ kind: 'down' }));
  });
}
