/** Whether sockets can be bound to an address. The system is asked, because Linux also allows addresses that no interface lists (127.0.0.0/8). */
import { createServer } from 'node:net';

/** The first of these addresses that cannot be bound, and the system's error code; null: all can. */
export async function firstUnbindable(addresses: readonly string[]): Promise<{ address: string; code: string } | null> {
  for (const address of addresses) {
    const code = await bindError(address);
    if (code !== null) return { address, code };
  }
  return null;
}

/** Briefly listens on the address: opening a connection from it starts with the same bind. */
function bindError(address: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => resolve(code));
    server.listen({ host: address, port: 0, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
