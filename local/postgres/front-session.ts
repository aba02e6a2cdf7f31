/** A client of the database, from its first byte until it has signed in. RDS answers what PostgreSQL itself would, and checks tokens of IAM. */
import type { Socket } from 'node:net';
import { superuser } from './database-server.ts';
import { checkToken } from './iam-token.ts';
import { cleartextPassword, fatal, MessageScanner, readFirstMessage, type StartupParameters } from './wire.ts';

export interface SignedIn {
  kind: 'startup';
  parameters: StartupParameters;
  /** What the client has sent since. */
  rest: Buffer;
}

export interface CancelRequest {
  kind: 'cancel';
  bytes: Buffer;
}

/** A client that says nothing for this long is let go, as PostgreSQL does (authentication_timeout). */
const signInLimitMs = 60_000;

/**
 * Null when the client has gone, or was refused. Passwords are taken as they are; a token must be signed with the target's own key, and for the user that signs in.
 * @param nowMs milliseconds since the epoch.
 */
export function signIn(socket: Socket, nowMs: () => number): Promise<SignedIn | CancelRequest | null> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    let parameters: StartupParameters | null = null;
    const end = (result: SignedIn | CancelRequest | null) => {
      clearTimeout(timer);
      socket.off('data', read).off('close', close).pause();
      if (result === null) socket.destroySoon();
      resolve(result);
    };
    const refuse = (state: string, text: string) => {
      socket.write(fatal(state, text));
      end(null);
    };
    const close = () => end(null);
    const timer = setTimeout(() => refuse('57014', 'canceling authentication due to timeout'), signInLimitMs);
    const read = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      try {
        if (parameters === null) startUp();
        else password(parameters);
      } catch (error) {
        refuse('08P01', error instanceof Error ? error.message : String(error));
      }
    };
    const startUp = () => {
      for (;;) {
        const first = readFirstMessage(received);
        if (first === null) return;
        received = first.rest;
        if (first.kind === 'cancel') return end({ kind: 'cancel', bytes: first.bytes });
        if (first.kind === 'startup') {
          const { user = '' } = first.parameters;
          if (user === '' || user === superuser) return refuse('28000', `role "${user}" may not sign in`);
          parameters = first.parameters;
          socket.write(cleartextPassword);
          return;
        }
        // No encryption on this machine.
        socket.write('N');
      }
    };
    const password = (given: StartupParameters) => {
      let text: string | null = null;
      let bytes = 0;
      if (received.length < 5 || received.length < 1 + received.readInt32BE(1)) return;
      bytes = 1 + received.readInt32BE(1);
      const scanner = new MessageScanner((type) => {
        if (type === 'p') text = received.subarray(5, bytes - 1).toString();
      });
      scanner.feed(received.subarray(0, bytes));
      if (text === null) return refuse('08P01', 'expected a password');
      const check = checkToken(text, given.user ?? '', nowMs());
      if (check !== 'valid')
        return refuse('28P01', `PAM authentication failed for user "${given.user}": the token is ${check}`);
      end({ kind: 'startup', parameters: given, rest: received.subarray(bytes) });
    };
    socket.on('data', read).on('close', close);
  });
}
