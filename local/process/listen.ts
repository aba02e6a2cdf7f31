import { createServer, type Server } from 'node:net';

export const localHost = '127.0.0.1';

/** The ports that a target listens on, by what they serve. */
export type PortName = 'gateway' | 'aws' | 'dynamodb' | 'sqs' | 'postgres';

export interface PortFailure {
  /** `portInUse`: another process listens there. `portForbidden`: this user may not listen there. */
  kind: 'portInUse' | 'portForbidden';
  port: number;
  which: PortName;
}

/** A port that cannot be listened on: `kind`, `port` and `which` hold the facts of the message. */
export class PortError extends Error implements PortFailure {
  readonly kind: PortFailure['kind'];
  readonly port: number;
  readonly which: PortName;

  constructor({ kind, port, which }: PortFailure, options?: ErrorOptions) {
    const why = kind === 'portInUse' ? 'is taken' : 'may not be used by this user';
    super(
      `Port ${port} on ${localHost} ${why}. Choose another for ports.${which}, or 0 to have a free one chosen.`,
      options,
    );
    this.name = 'PortError';
    this.kind = kind;
    this.port = port;
    this.which = which;
  }
}

/** The facts of a {@link PortError}, which can be sent to another process; undefined for any other error. */
export function portFailureOf(error: unknown): PortFailure | undefined {
  if (!(error instanceof PortError)) return undefined;
  const { kind, port, which } = error;
  return { kind, port, which };
}

/**
 * Listens on a port of 127.0.0.1, or on a free one for 0, and returns the port.
 * @throws {PortError} when the port cannot be listened on.
 */
export function listen(
  server: Server,
  port: number,
  which: PortName,
  /** Shared: other processes may listen on the same port, and the system spreads new connections over them. */
  { shared = false }: { shared?: boolean } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => reject(listenError(cause, port, which));
    server.once('error', fail);
    server.listen({ port, host: localHost, backlog: 8_192, reusePort: shared }, () => {
      server.removeListener('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Maps Node's error of `listen`. */
export function listenError(cause: NodeJS.ErrnoException, port: number, which: PortName): Error {
  if (cause.code === 'EADDRINUSE') return new PortError({ kind: 'portInUse', port, which }, { cause });
  if (cause.code === 'EACCES') return new PortError({ kind: 'portForbidden', port, which }, { cause });
  if (cause.code === 'ENOTSUP' || cause.code === 'EINVAL')
    return new Error('This system cannot share a port among processes. Use gatewayProcesses 1 (the default).', {
      cause,
    });
  return cause;
}

/** A port that nobody listens on now, for a program that cannot choose one itself. Somebody may still be faster. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, localHost, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
