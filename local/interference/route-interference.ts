/** Latency and faults of a WebSocket API's routes, and of its connections. */
import { setTimeout } from 'node:timers/promises';
import type { ClientConnection } from '../gateway/sockets/connection.ts';
import type { Interference } from './interference.ts';
import type { ServiceError } from './services.ts';

export interface RouteRefusal extends ServiceError {
  throttled: boolean;
}

/** Settles after the latency of this message or handshake, with its refusal or null. */
export async function meetRoute(interference: Interference, routeKey: string): Promise<RouteRefusal | null> {
  const decision = interference.decide({ service: 'webSocketApi', operation: routeKey });
  const refusal = decision?.effect?.kind === 'refuse' ? decision.effect : null;
  const latencyMs = refusal ? 0 : interference.latencyMs('webSocketApi', routeKey);
  const delayMs = (decision?.delayMs ?? 0) + latencyMs;
  if (delayMs > 0) await setTimeout(delayMs);
  return refusal && { ...refusal.error, throttled: refusal.throttled };
}

/** Closes the connections that a fault has selected. To be called once a second, and when faults change. */
export function closeChosen(interference: Interference, connections: ReadonlyMap<string, ClientConnection>): void {
  if (!interference.active) return;
  const chosen = interference.disconnections(connections.size);
  if (chosen.size === 0) return;
  let place = 0;
  for (const connection of [...connections.values()]) {
    const disconnection = chosen.get(place);
    place += 1;
    if (disconnection?.way === 'reset') connection.close({ code: 1006, reason: '' });
    else if (disconnection) connection.close({ code: disconnection.code, reason: closeReason(disconnection.code) });
  }
}

const closeReason = (code: number): string => (code === 1001 ? 'Going away' : '');
