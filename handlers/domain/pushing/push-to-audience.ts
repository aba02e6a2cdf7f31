/** Pushes a frame to the connections of an audience, and keeps their list true: docs/adr/0019-a-410-is-a-doubt.md. */
import type { Audience, ConnectionStore, Recipient } from '../connection-store.ts';
import { fanOut } from './fan-out.ts';
import { maxAttempts, type PushDependencies, type PushOutcome, pushFrame } from './push.ts';
import type { Slots } from './slots.ts';

/**
 * How long a handshake can go on after `$connect` has listed the connection: API Gateway's integration timeout (29 s, WebSocket quotas, read
 * November 2026), and 3 s for the upgrade itself and for clocks that differ. Until then a 410 says nothing.
 */
export const handshakeLimitMs = 32_000;
/** Attempts while the handshake may be under way. Their waits are 3.2 s on average: nearly every handshake ends within them. */
const openingAttempts = 8;
/** A connection that pushes still find gone this long after the first doubt has ended. */
export const doubtMs = 60_000;
/** Concurrent pushes of one frame. At 10 ms a push this is 6,400 recipients a second. */
const pushLimit = 64;

export interface AudienceDependencies extends PushDependencies {
  store: ConnectionStore;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** Shared with other frames that are pushed at the same time. */
  slots?: Slots;
}

/** `opening`: gone so far, but the handshake may still be under way. */
export type Reach = { connectionId: string } & Outcome;
type Outcome = PushOutcome | { kind: 'opening'; throttles: number };

/**
 * Pushes to each recipient, and says how that ended. Never rejects, and ends with the time budget: whoever was not reached by then is
 * `outOfTime`. More recipients than fit at a time are taken in random order, so that the same ones are not always the last.
 */
export function pushToAudience(
  audience: Audience,
  recipients: readonly Recipient[],
  frame: string,
  dependencies: AudienceDependencies,
): Promise<Reach[]> {
  const { slots, random } = dependencies;
  const order = recipients.length > pushLimit ? shuffled(recipients, random) : recipients;
  return fanOut(order, pushLimit, async (recipient) => {
    const push = () => pushTo(audience, recipient, frame, dependencies);
    return { ...(await (slots?.use(push) ?? push())), connectionId: recipient.connectionId };
  });
}

async function pushTo(
  audience: Audience,
  { connectionId, listedAtMs, doubtedAtMs }: Recipient,
  frame: string,
  dependencies: AudienceDependencies,
): Promise<Outcome> {
  const { store, nowMs } = dependencies;
  // Judged by when the first attempt began: during the last one the limit may have passed.
  const beganAtMs = nowMs();
  const mayBeOpening = listedAtMs !== null && beganAtMs - listedAtMs < handshakeLimitMs;
  const goneAttempts = mayBeOpening ? openingAttempts : doubtedAtMs === null ? maxAttempts : 1;
  const outcome = await pushFrame(connectionId, frame, dependencies, goneAttempts);

  // A list that could not be changed costs a few more pushes the next time: no reason to push this frame again.
  const tolerating = (change: Promise<void>) => change.catch(() => {});
  if (outcome.kind === 'sent' && doubtedAtMs !== null) await tolerating(store.trust(audience, connectionId));
  if (outcome.kind !== 'gone') return outcome;
  if (outcome.isCertain) {
    await tolerating(store.unlist(audience, connectionId));
    return outcome;
  }
  if (mayBeOpening) {
    // A connection that was closed meanwhile has been taken off the list by $disconnect.
    const isListed = await store.isListed(audience, connectionId).catch(() => true);
    return isListed ? { ...outcome, kind: 'opening' } : outcome;
  }
  if (doubtedAtMs === null) await tolerating(store.doubt(audience, connectionId));
  else if (beganAtMs - doubtedAtMs >= doubtMs) await tolerating(store.unlist(audience, connectionId));
  return outcome;
}

/** Fisher and Yates's shuffle. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as Item, order[last] as Item];
  }
  return order;
}
