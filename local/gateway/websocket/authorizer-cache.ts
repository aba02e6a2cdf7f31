/** Results of an authorizer by the values of its identity sources, for as long as its AuthorizerResultTtlInSeconds says. */
import type { WebSocketAuthorizerModel } from '../../template/apis/api-models.ts';
import { type Authorization, identityOf } from './authorizer.ts';
import type { HandshakeFacts } from './websocket-events.ts';

/** The oldest is evicted for a new one: a client that tries tokens must not fill the memory. */
const maxEntries = 10_000;

export class AuthorizerCache {
  #entries = new Map<string, { authorization: Authorization; expiresAtMs: number }>();

  /** null: not cached, or expired. */
  find(authorizer: WebSocketAuthorizerModel, handshake: HandshakeFacts, nowMs: number): Authorization | null {
    if (authorizer.resultTtlMs === 0) return null;
    const key = keyOf(authorizer, handshake);
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    if (nowMs < entry.expiresAtMs) return entry.authorization;
    this.#entries.delete(key);
    return null;
  }

  /** Caches policies only: after a failure or `Unauthorized` the authorizer is called again. */
  keep(
    authorizer: WebSocketAuthorizerModel,
    handshake: HandshakeFacts,
    { authorization, nowMs }: { authorization: Authorization; nowMs: number },
  ): void {
    const policy = authorization.kind === 'allowed' || authorization.kind === 'forbidden';
    // Without identity sources callers cannot be distinguished.
    if (authorizer.resultTtlMs === 0 || authorizer.identitySources.length === 0 || !policy) return;
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= maxEntries && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(keyOf(authorizer, handshake), { authorization, expiresAtMs: nowMs + authorizer.resultTtlMs });
  }
}

function keyOf({ functionName, identitySources }: WebSocketAuthorizerModel, handshake: HandshakeFacts): string {
  return JSON.stringify([functionName, ...identitySources.map((source) => identityOf(source, handshake))]);
}
