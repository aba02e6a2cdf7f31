// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** The load of a scenario on an endpoint that is not the reference stack's. */

import { z } from 'zod';
import { compileTemplate, placeholdersOf } from '../../engine/src/core/messages/template.ts';
import { numberFields } from '../../engine/src/step/load-fields.ts';
import { hasBurst, type Workload } from '../../record/workload.ts';
import { variablesUsed } from '../../scenarios/catalogue/offered-load.ts';
import type { Scenario } from '../../scenarios/catalogue/scenario.ts';
import type { LoadOverrides } from '../../scenarios/plan/workload.ts';
import { UsageError } from '../errors.ts';
import type { EndpointDescription } from './endpoint.ts';

/**
 * The load of a scenario on an endpoint: without a webhook URL there are no webhooks, and beside webhooks of one's own no messages without --message.
 * @throws UsageError when the scenario would have nothing to send, or speaks a protocol that the endpoint need not know.
 */
export function loadOnEndpoint(
  { name, scenario, workload: planned, given }: PlannedLoad,
  endpoint: EndpointDescription,
): Workload {
  const { webhook } = endpoint.step;
  if (endpoint.webhooksOnly) return withoutConnections({ name, scenario, workload: planned, given }, endpoint);
  const workload = withOwnWebhooks(planned, { scenario, given, webhook, hasMessage: 'message' in endpoint.step });
  const hasMessages = workload.messageRatePerSecond > 0;
  const keys = new Set(scenario.fleets.flatMap((fleet) => Object.keys(fleet)));
  const isOwn = 'message' in endpoint.step || keys.has('message') || keys.has('hooks');
  const stackOnly = ['channels', 'channelDistribution'].find((key) => keys.has(key));
  if (stackOnly !== undefined && (isOwn || endpoint.tokenSecret === null))
    throw new UsageError(
      `${name} subscribes and publishes in the protocol of the reference stack (docs/reference/protocol.md): it needs an endpoint that speaks it, with LOADLINE_TOKEN_SECRET set and without --message.`,
    );
  if (hasMessages && !isOwn && endpoint.tokenSecret === null)
    throw new UsageError(
      `${name} sends messages, but the protocol of ${endpoint.shown.webSocketUrl} is unknown: give --message and --answer, or message and answer in the scenario (LOADLINE_TOKEN_SECRET, when it is the reference stack).`,
    );
  const postsWebhooks = workload.webhookRatePerSecond > 0 || hasBurst(workload);
  if (endpoint.webhookUrl !== null || !postsWebhooks) return workload;
  const canLeaveOut = variablesUsed(scenario).has('webhookRatePerSecond') && !keys.has('webhookPhases');
  if (!canLeaveOut || !keys.has('messageRatePerSecond'))
    throw new UsageError(`${name} posts webhooks: give --webhook-url, and set LOADLINE_WEBHOOK_SECRET.`);
  return { ...workload, webhookRatePerSecond: 0, burstRatePerSecond: 0 };
}

/** Of a stack without WebSockets: what nobody connected can send or receive is left out; what an option says of it is refused. */
function withoutConnections({ name, scenario, workload, given }: PlannedLoad, { step }: EndpointDescription): Workload {
  const used = variablesUsed(scenario);
  const lone = (['connections', 'messageRatePerSecond'] as const).find((key) => (given[key] ?? 0) > 0);
  if (lone !== undefined || step.message !== undefined)
    throw new UsageError(
      `${lone === undefined ? '--message' : `--${numberFields[lone].flag}`} has no effect: the stack has no WebSocket API, so webhooks are posted alone. Leave it out, or give the URL of one with --url.`,
    );
  if (!used.has('connections') || !used.has('webhookRatePerSecond'))
    throw new UsageError(
      `${name} is about connections, and the stack has no WebSocket API: webhooks alone are those of sync.`,
    );
  const ofWebhooks = withOwnWebhooks(workload, { scenario, given, webhook: step.webhook, hasMessage: false });
  return { ...ofWebhooks, connections: 0, messageRatePerSecond: 0, offlineShare: 1 };
}

interface PlannedLoad {
  name: string;
  scenario: Scenario;
  workload: Workload;
  /** What options say of the load, whatever the plan says. */
  given: LoadOverrides;
}

/** What the plan says and webhooks of one's own cannot have is left out; what an option says is not. */
function withOwnWebhooks(
  workload: Workload,
  {
    scenario,
    given,
    webhook,
    hasMessage,
  }: { scenario: Scenario; given: LoadOverrides; webhook: unknown; hasMessage: boolean },
): Workload {
  const own = z.object({ body: z.string(), owner: z.string().optional() }).safeParse(webhook);
  if (!own.success) return workload;
  const { body, owner } = own.data;
  const used = variablesUsed(scenario);
  const keys = new Set(scenario.fleets.flatMap((fleet) => Object.keys(fleet)));
  const speaks = hasMessage || keys.has('message') || keys.has('hooks');
  const leavesMessages = !speaks && used.has('messageRatePerSecond') && given.messageRatePerSecond === undefined;
  const isPadded = placeholdersOf(body).includes('pad');
  if (given.webhookBytes !== undefined && !isPadded)
    throw new UsageError(
      '--webhook-bytes has no effect: the body of --webhook has no ${pad}, which fills it up to a size.',
    );
  if (owner === 'everyone' && (given.offlineShare ?? 0) > 0)
    throw new UsageError('--offline-share: webhooks for everyone have no owner who is offline.');
  return {
    ...workload,
    ...(leavesMessages && { messageRatePerSecond: 0 }),
    ...(owner === 'everyone' && { offlineShare: 0 }),
    ...(!isPadded && { webhookBytes: exampleBytes(body) }),
  };
}

/** Of a body, with ids as long as those of a run. */
const exampleBytes = (body: string): number =>
  Buffer.byteLength(
    compileTemplate(body, (name) =>
      ['id', 'user', 'tab'].includes(name) ? () => 'e-01234567-w0-v0-f0-00' : () => '0123456789',
    )(null),
  );
