/** The workload of one trial: the plan's, with one of its numbers replaced. */
import type { Workload } from '../../record/workload.ts';

export const variables = ['connections', 'messages', 'webhooks'] as const;
export type Variable = (typeof variables)[number];

/** What a load of the search is. */
export const unitOf: Record<Variable, string> = {
  connections: 'connections',
  messages: 'messages/s',
  webhooks: 'webhooks/s',
};

/**
 * `connections`: their number; the ramp lasts as long as in the plan, so new connections per second grow with them, unless `fixedConnectRate`.
 * `messages`, `webhooks`: their rate in the steady state. Everything else stays as it is. A burst stays only where the plan's webhooks do.
 */
export function variedWorkload(
  base: Workload,
  { variable, load, fixedConnectRate }: { variable: Variable; load: number; fixedConnectRate: boolean },
): Workload {
  switch (variable) {
    case 'connections': {
      const connections = Math.round(load);
      const rampSeconds = base.connections / base.connectRatePerSecond;
      const connectRatePerSecond = fixedConnectRate ? base.connectRatePerSecond : connections / rampSeconds;
      return { ...base, connections, connectRatePerSecond };
    }
    case 'messages':
      return { ...base, messageRatePerSecond: load };
    case 'webhooks':
      return { ...base, webhookRatePerSecond: load, burstRatePerSecond: 0 };
  }
}

/** The plan's own value: where a search starts from when nothing else is said. */
export function plannedLoad(base: Workload, variable: Variable): number {
  switch (variable) {
    case 'connections':
      return base.connections;
    case 'messages':
      return base.messageRatePerSecond;
    case 'webhooks':
      return base.webhookRatePerSecond;
  }
}
