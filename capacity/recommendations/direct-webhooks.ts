/** Webhooks that an API queues without a function. */
import { queueOf, webhookApi } from '../headroom/deployed.ts';
import type { DeployedFunction } from '../headroom/deployment.ts';
import { type Context, type Draft, demandOf, urgency } from './recommendation-terms.ts';

/** Functions that only webhooks wait for, in a stack whose webhooks go into a queue: their API can do that itself, and the URL of a function cannot. */
export const forwarders = ({
  deployment,
  coefficients,
}: Pick<Context, 'deployment' | 'coefficients'>): DeployedFunction[] =>
  (webhookApi(deployment) === null ? [] : deployment.functions).filter(
    ({ id, awaitedBy }) =>
      awaitedBy.length === 1 &&
      awaitedBy[0] === 'webhook' &&
      queueOf(deployment, id) === null &&
      deployment.queues.some((queue) => coefficients.queues[queue.id]?.webhook !== undefined),
  );

/** Where the function behind the webhook API takes longer than the API waits, the API can queue the webhook by itself. */
export function directWebhooks(context: Context): Draft[] {
  const row = demandOf(context, 'httpIntegrationTimeout');
  const direct = forwarders(context).map(({ id }) => id);
  if (!row?.exceeded || direct.length === 0) return [];
  return [
    {
      ...urgency(context.projection, ['httpIntegrationTimeout']),
      id: 'stack.directWebhooks',
      subject: 'how webhooks are taken in',
      unit: '',
      value: 'by the API itself',
      present: `by ${direct.join(', ')}`,
      setting: 'integration of the webhooks’ route',
      kind: 'set',
      change: { settings: { withoutFunctions: direct } },
      facts: {
        of: 'directWebhooks',
        functions: direct,
        p99Seconds: row.value,
        timeoutSeconds: row.quota.limit,
      },
    },
  ];
}
