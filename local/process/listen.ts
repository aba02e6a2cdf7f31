import type { Server } from 'node:net';

export const localHost = '127.0.0.1';

/**
 * Listens on a port of 127.0.0.1, or on a free one for 0, and answers the port.
 * @throws one sentence when the port is taken, naming it and what to do.
 */
export function listen(
  server: Server,
  port: number,
  purpose: string,
  /** Shared: other processes may listen on the same port, and the system spreads new connections over them. */
  { shared = false }: { shared?: boolean } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(explain(error, port, purpose));
    server.once('error', fail);
    server.listen({ port, host: localHost, backlog: 8_192, reusePort: shared }, () => {
      server.removeListener('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

export function explain(error: NodeJS.ErrnoException, port: number, purpose: string): Error {
  const other = `Choose another for ${purpose}, or 0 to have a free one chosen.`;
  if (error.code === 'EADDRINUSE') return new Error(`Port ${port} on ${localHost} is taken. ${other}`);
  if (error.code === 'EACCES') return new Error(`Port ${port} on ${localHost} may not be used by this user. ${other}`);
  if (error.code === 'ENOTSUP' || error.code === 'EINVAL')
    return new Error('This system cannot share a port among processes. Use gatewayProcesses 1 (the default).');
  return error;
}
