/** The line between browsers and the WebSocket API, which can be cut: a TCP proxy on the loopback. */
import { once } from 'node:events';
import { connect as connectTo, createServer, type Socket } from 'node:net';

export interface Line extends AsyncDisposable {
  port: number;
  /** Ends what is connected, without a word. New connections work. */
  cut(): void;
  /** While it is down, whatever is connected ends, and nothing connects. */
  setDown(isDown: boolean): void;
  /** Connections at this moment. */
  readonly connections: number;
}

/** @param port of what is behind it, on 127.0.0.1. */
export async function openLine(port: number): Promise<Line> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isDown = false;
  const cut = () => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  };
  const server = createServer((near) => {
    if (isDown) {
      near.on('error', () => {});
      near.resetAndDestroy();
      return;
    }
    const far = connectTo(port, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.setNoDelay();
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut,
    setDown(down) {
      isDown = down;
      if (down) cut();
    },
    get connections() {
      return pairs.size;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
