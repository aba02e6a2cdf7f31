/**
 * The pub-sub of Valkey, where none is installed: what a client needs for it, over its own protocol, and nothing else. It keeps no keys, so whoever uses the cache for
 * anything but messages is told so. Source: Valkey, "Pub/Sub", read November 2026.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { listen } from '../../process/listen.ts';
import { RespCommands } from './resp-commands.ts';

export interface RunningBus {
  port: number;
  /** Of its own process; null: it has none. */
  processId: number | null;
  close: () => void;
}

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const ok = '+OK\r\n';

export async function startEmbeddedBus(): Promise<RunningBus> {
  const subscribers = new Map<string, Set<Socket>>();
  const clients = new Set<Socket>();
  const server: Server = createServer((socket) => {
    clients.add(socket);
    socket.setNoDelay(true);
    const commands = new RespCommands();
    const own = new Set<string>();
    const leave = (channel: string) => {
      own.delete(channel);
      const others = subscribers.get(channel);
      others?.delete(socket);
      if (others?.size === 0) subscribers.delete(channel);
    };
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clients.delete(socket);
      for (const channel of [...own]) leave(channel);
    });
    const answer = ([name = '', ...words]: string[]): string => {
      switch (name.toUpperCase()) {
        case 'PUBLISH': {
          const [channel = '', message = ''] = words;
          const listeners = subscribers.get(channel) ?? new Set();
          const frame = `*3\r\n${bulk('message')}${bulk(channel)}${bulk(message)}`;
          for (const listener of listeners) listener.write(frame);
          return `:${listeners.size}\r\n`;
        }
        case 'SUBSCRIBE':
          return words
            .map((channel) => {
              own.add(channel);
              subscribers.set(channel, (subscribers.get(channel) ?? new Set()).add(socket));
              return `*3\r\n${bulk('subscribe')}${bulk(channel)}:${own.size}\r\n`;
            })
            .join('');
        case 'UNSUBSCRIBE':
          return (words.length > 0 ? words : [...own])
            .map((channel) => {
              leave(channel);
              return `*3\r\n${bulk('unsubscribe')}${bulk(channel)}:${own.size}\r\n`;
            })
            .join('');
        case 'PING':
          return own.size > 0 ? `*2\r\n${bulk('pong')}${bulk(words[0] ?? '')}` : '+PONG\r\n';
        case 'INFO':
          return bulk('# Server\r\nredis_version:7.2.0\r\nredis_mode:standalone\r\nloading:0\r\n');
        case 'CLIENT':
        case 'SELECT':
        case 'AUTH':
        case 'QUIT':
          return ok;
        default:
          return `-ERR unknown command '${name}': this is the pub-sub of Valkey alone. Install valkey-server for the rest.\r\n`;
      }
    };
    socket.on('data', (piece: Buffer) => {
      try {
        const answers = commands.take(piece).map(answer).join('');
        if (answers !== '') socket.write(answers);
      } catch {
        socket.destroy();
      }
    });
  });
  const port = await listen(server, 0, 'gateway');
  return {
    port,
    processId: null,
    close() {
      server.close();
      for (const client of clients) client.destroy();
    },
  };
}
