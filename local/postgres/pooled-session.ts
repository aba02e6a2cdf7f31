/** A client of the proxy: each of its transactions runs on a connection that is lent for it. */
import type { Socket } from 'node:net';
import type { LendingPool, Lent } from './lending-pool.ts';
import { MessageScanner, noConnectionInTime, type StartupParameters } from './wire.ts';

/**
 * Statements that change the session, after which its connection serves nobody else ("pinning").
 * Source: RDS user guide, "Avoiding pinning", PostgreSQL, read November 2026.
 */
const pinning =
  /^\s*(set|prepare|listen|discard|declare|create\s+(local\s+|global\s+)?temp|select\s+(pg_advisory_lock|nextval|setval))\b/i;

export interface PooledSession {
  socket: Socket;
  parameters: StartupParameters;
  /** What the client sent with its sign-in. */
  rest: Buffer;
  pool: LendingPool;
  /** No connection was free in time. */
  onTimeout: () => void;
  onPinned: () => void;
}

/** Serves it until the client or its connection goes. */
export function servePooled({ socket, parameters, rest, pool, onTimeout, onPinned }: PooledSession): void {
  let lent: Lent | null = null;
  let borrowing = false;
  let gone = false;
  let pinned = false;
  /** Messages that the server answers with ReadyForQuery, and has not yet. */
  let unanswered = 0;
  const held: Buffer[] = [];

  const requests = new MessageScanner((type, start) => {
    if (type === 'Q' || type === 'S' || type === 'F') unanswered++;
    // A prepared statement has a name: its message begins with it.
    const text = type === 'P' ? start.subarray(start.indexOf(0) + 1).toString() : type === 'Q' ? start.toString() : '';
    const named = type === 'P' && start[0] !== 0;
    if (!pinned && (named || pinning.test(text))) {
      pinned = true;
      onPinned();
    }
    if (type === 'X') end();
  });
  const answers = new MessageScanner((type, start) => {
    if (type !== 'Z') return;
    unanswered--;
    // In a transaction, or in one that has failed, the connection stays.
    if (unanswered === 0 && start.toString() === 'I' && !pinned) release();
  });
  const pass = (chunk: Buffer) => {
    socket.write(chunk);
    answers.feed(chunk);
  };
  const lost = () => {
    if (lent !== null) pool.discard(lent);
    lent = null;
    socket.destroySoon();
  };
  const release = () => {
    if (lent === null) return;
    lent.socket.off('data', pass).off('close', lost);
    pool.giveBack(lent);
    lent = null;
  };
  const end = () => {
    if (gone) return;
    gone = true;
    if (lent !== null) {
      lent.socket.off('data', pass).off('close', lost);
      if (unanswered === 0 && !pinned) pool.giveBack(lent);
      else pool.discard(lent);
      lent = null;
    }
    socket.destroySoon();
  };
  const borrow = async () => {
    borrowing = true;
    const borrowed = await pool.borrow(parameters);
    borrowing = false;
    if (borrowed.kind === 'lent') {
      if (gone) return pool.giveBack(borrowed.lent);
      lent = borrowed.lent;
      lent.socket.on('data', pass).on('close', lost).resume();
      for (const chunk of held.splice(0)) lent.socket.write(chunk);
      return;
    }
    if (borrowed.kind === 'timedOut') onTimeout();
    if (!gone) socket.write(borrowed.kind === 'refused' ? borrowed.answer : noConnectionInTime);
    end();
  };
  const request = (chunk: Buffer) => {
    try {
      requests.feed(chunk);
    } catch {
      return end();
    }
    if (gone) return;
    if (lent !== null) lent.socket.write(chunk);
    else {
      held.push(chunk);
      if (!borrowing) void borrow();
    }
  };
  socket.on('data', request).on('close', end);
  if (rest.length > 0) request(rest);
  socket.resume();
}
