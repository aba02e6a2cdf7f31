/** An ordinary `ws` client that keeps the messages received. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Client {
  socket: WebSocket;
  /** The next unread message, as text. Rejects if the connection is closed and no message is left. */
  next: () => Promise<string>;
  closed: Promise<{ code: number; reason: string }>;
}

export async function connect(url: string, protocols: string[] = []): Promise<Client> {
  const socket = new WebSocket(url, protocols);
  const messages: string[] = [];
  const waiting: PromiseWithResolvers<string>[] = [];
  let end: Error | null = null;
  socket.on('message', (data) => {
    const next = waiting.shift();
    if (next) next.resolve(String(data));
    else messages.push(String(data));
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      end = new Error(`The connection was closed with ${code} before the message arrived.`);
      for (const next of waiting.splice(0)) next.reject(end);
      resolve({ code, reason: reason.toString() });
    });
  });
  await once(socket, 'open');
  socket.on('error', () => undefined);
  return {
    socket,
    closed,
    next: () => {
      const message = messages.shift();
      if (message !== undefined) return Promise.resolve(message);
      if (end !== null) return Promise.reject(end);
      const next = Promise.withResolvers<string>();
      waiting.push(next);
      return next.promise;
    },
  };
}

/** The status of a refused handshake; 101 if it is accepted. */
export function handshakeStatus(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  const socket = new WebSocket(url, { headers });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      socket.terminate();
      resolve({ status: 101, body: '' });
    });
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
  });
}
