/**
 * Reconnect storms and webhook bursts in virtual time, at a scale that no laptop holds: a discrete-event simulation of token buckets,
 * back-off, Lambda's concurrency and its growth, the table's write units, the queue and its pollers. It runs nothing and measures nothing:
 * its results follow from the quotas and durations that it is given. The same specification gives the same result.
 *
 * Left out: the network's own limits, retries inside API Gateway (there are none), other users of the account beyond what the quotas
 * were reduced by, and hot partitions of the table.
 */
import { type Role, roles } from '../demand/coefficients.ts';
import { Reconnects } from './reconnects.ts';
import type { StormResult, StormSecond, StormSpec } from './spec.ts';
import { WebhookBurst } from './webhook-burst.ts';
import { event, World } from './world.ts';

/** Simulates until every client and every webhook is done, or until the horizon. */
export function simulateStorm(spec: StormSpec): StormResult {
  const world = new World(spec);
  const clients = spec.clients && new Reconnects(world, spec.clients);
  const webhooks = spec.webhooks && new WebhookBurst(world, spec.webhooks);
  const seconds: StormSecond[] = [];
  const visit = visitor(world, clients, webhooks);
  const horizonMs = Math.round(spec.horizonSeconds * 1_000);
  let attempts = 0;
  let refusals = 0;
  const finished = () => (clients?.done ?? true) && (webhooks?.done ?? true);
  for (world.nowMs = 0; world.nowMs < horizonMs; world.nowMs += 1) {
    world.wheel.drain(world.nowMs, visit);
    webhooks?.tick();
    const over = finished();
    if (over || world.nowMs % 1_000 === 999) {
      seconds.push({
        second: Math.floor(world.nowMs / 1_000),
        connected: clients?.connected ?? 0,
        attempts: (clients?.attempts ?? 0) - attempts,
        refusals: world.limits.total - refusals,
        queued: webhooks?.queued ?? 0,
        concurrency: world.functions.running,
      });
      attempts = clients?.attempts ?? 0;
      refusals = world.limits.total;
    }
    if (over) break;
  }
  return {
    kind: 'simulated',
    seed: spec.seed,
    simulatedSeconds: world.nowMs / 1_000,
    finished: finished(),
    clients: clients?.result() ?? null,
    webhooks: webhooks?.result() ?? null,
    limits: world.limits.uses,
    functions: usesOf(world),
    peakConcurrency: world.functions.peak,
    seconds,
  };
}

function visitor(world: World, clients: Reconnects | null, webhooks: WebhookBurst | null): () => void {
  const { wheel, functions } = world;
  return () => {
    const { kind, subject, detail } = wheel;
    switch (kind) {
      case event.lost:
        return clients?.lost(subject);
      case event.attempt:
        return clients?.attempt(subject, detail);
      case event.authorized:
        return clients?.authorized(subject, detail);
      case event.connected:
        return clients?.handshaken(subject, detail);
      case event.connectFailed:
        return clients?.connectFailed(subject, detail);
      case event.disconnected:
        return functions.end('disconnect', world.nowMs);
      case event.messageDone:
        return functions.end('message', world.nowMs);
      case event.webhookRetry:
        return webhooks?.arrive(detail, subject);
      case event.ingested:
        return webhooks?.ingested(subject);
      case event.batchDone:
        return webhooks?.batchDone(subject);
      default:
        throw new Error(`An event of an unknown kind, ${kind}.`);
    }
  };
}

function usesOf({ functions }: World): StormResult['functions'] {
  const use = (role: Role) => {
    const { running: _, ...counted } = functions.use[role];
    return [role, counted] as const;
  };
  return Object.fromEntries(roles.map(use)) as StormResult['functions'];
}
