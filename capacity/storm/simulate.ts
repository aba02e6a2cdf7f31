/**
 * Reconnect storms, webhook bursts and fan-outs in virtual time, at a scale that no laptop holds: a discrete-event simulation of token buckets,
 * back-off, Lambda's concurrency and its growth, the table's write units, the queue and its pollers. It runs nothing and measures nothing:
 * its results follow from the quotas and durations that it is given. The same specification gives the same result.
 *
 * Left out: the network's own limits, retries inside API Gateway (there are none), other users of the account beyond what the quotas
 * were reduced by, hot partitions of the table, and messages that become visible again while they are still being processed.
 */

import { Reconnects } from './clients/reconnects.ts';
import { FanOut } from './fan-out.ts';
import type { ReconnectResult, ReconnectStorm, StormResult, StormSecond, StormSpec } from './spec.ts';
import { WebhookBurst } from './webhook-burst.ts';
import { firstWebhookEvent, World } from './world.ts';

/** Clients that reconnect, one way or another. */
export interface StormClients {
  readonly attempts: number;
  readonly connected: number;
  readonly done: boolean;
  /** Called before the events of a millisecond. */
  tick(): void;
  handle(kind: number, subject: number, detail: number): void;
  /** The first millisecond from one on, and before another, in which {@link tick} has something to do; that other one if there is none. */
  nextTick(fromMs: number, endMs: number): number;
  result(): ReconnectResult;
}

/** Simulates until every client, webhook and push is done, or until the horizon. */
export const simulateStorm = (spec: StormSpec): StormResult =>
  simulateStormOf(spec, (world, clients) => new Reconnects(world, clients));

/** The same with clients of one's own. */
export function simulateStormOf(
  spec: StormSpec,
  clientsOf: (world: World, storm: ReconnectStorm) => StormClients,
): StormResult {
  const world = new World(spec);
  const clients = spec.clients && clientsOf(world, spec.clients);
  const webhooks = spec.webhooks && new WebhookBurst(world, spec.webhooks);
  const fanOut = spec.fanOut && new FanOut(world, spec.fanOut);
  const seconds: StormSecond[] = [];
  const { wheel } = world;
  const visit = () =>
    wheel.kind < firstWebhookEvent
      ? clients?.handle(wheel.kind, wheel.subject, wheel.detail)
      : webhooks?.handle(wheel.kind, wheel.subject, wheel.detail);
  const horizonMs = Math.round(spec.horizonSeconds * 1_000);
  let attempts = 0;
  let refusals = 0;
  let pushed = 0;
  const finished = () => (clients?.done ?? true) && (webhooks?.done ?? true) && (fanOut?.done ?? true);
  /** The next millisecond in which anything happens, and the last of each second, whose figures are written down. */
  const next = (fromMs: number) => {
    let atMs = Math.min(horizonMs, fromMs + 999 - (fromMs % 1_000));
    if (fanOut?.done === false) return fromMs;
    atMs = webhooks?.nextTick(fromMs, atMs) ?? atMs;
    atMs = clients?.nextTick(fromMs, atMs) ?? atMs;
    return wheel.nextDue(fromMs, atMs);
  };
  for (world.nowMs = 0; world.nowMs < horizonMs; world.nowMs = next(world.nowMs + 1)) {
    // In the order in which they became due: what a millisecond's first tokens and executions go to decides who is refused.
    clients?.tick();
    world.wheel.drain(world.nowMs, visit);
    webhooks?.tick();
    fanOut?.tick();
    const over = finished();
    if (over || world.nowMs % 1_000 === 999) {
      seconds.push({
        second: Math.floor(world.nowMs / 1_000),
        connected: clients?.connected ?? 0,
        attempts: (clients?.attempts ?? 0) - attempts,
        refusals: world.limits.total - refusals,
        queued: webhooks?.queued ?? 0,
        pollers: webhooks?.pollers ?? 0,
        pushed: (fanOut?.sent ?? 0) - pushed,
        concurrency: world.functions.running,
      });
      attempts = clients?.attempts ?? 0;
      refusals = world.limits.total;
      pushed = fanOut?.sent ?? 0;
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
    fanOut: fanOut?.result() ?? null,
    limits: world.limits.uses,
    functions: usesOf(world),
    peakConcurrency: world.functions.peak,
    seconds,
  };
}

function usesOf({ functions }: World): StormResult['functions'] {
  return Object.fromEntries(
    Object.entries(functions.use).map(([id, { running: _, ...counted }]) => [id, counted] as const),
  );
}
