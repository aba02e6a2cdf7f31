/** How often a run takes each route of a profile. Pure. */
import { z } from 'zod';
import { type RouteMix, routesOfProfile } from '../../capacity/profile/profile-coefficients.ts';
import { routeOfMessage } from '../../graph/message-route.ts';
import type { Api } from '../../graph/model.ts';
import { routeOfPost } from '../../graph/request-route.ts';
import type { ProfileRecord } from '../../record/profile.ts';
import { UsageError } from '../errors.ts';

/** Of a step, as far as it says what is sent. */
const sentSchema = z.object({
  message: z.string().optional(),
  alsoMessages: z.array(z.string()).default([]),
  messageMix: z.array(z.number()).optional(),
  alsoWebhookUrls: z.array(z.string()).default([]),
  webhookMix: z.array(z.number()).optional(),
});

/**
 * `step`, `webhookUrl`: of the target. Empty where a run has one message and one URL: then its costs are those of the profile's own.
 * @throws UsageError for a route whose costs the profile does not have.
 */
export function routeMixOf(
  profile: ProfileRecord,
  { step, webhookUrl }: { step: Record<string, unknown>; webhookUrl: string | null },
): RouteMix {
  const { message, alsoMessages, messageMix, alsoWebhookUrls, webhookMix } = sentSchema.parse(step);
  const { webSocket, webhook } = profile.deployment;
  const api = (id: string | undefined) => profile.graph.apis.find((each) => each.id === id);
  const shares = (kind: 'message' | 'webhook', routes: readonly (string | null)[], weights: readonly number[] = []) => {
    const known = routesOfProfile(profile, kind);
    const sum = new Map<string, number>();
    for (const [n, route] of routes.entries()) {
      if (route === null || !known.has(route)) throw new UsageError(withoutCosts(kind, n, [...known.keys()]));
      sum.set(route, (sum.get(route) ?? 0) + (weights[n] ?? 1));
    }
    return Object.fromEntries(sum);
  };
  return {
    ...(message !== undefined &&
      alsoMessages.length > 0 && {
        message: shares(
          'message',
          [message, ...alsoMessages].map((text) => routeIn(api(webSocket?.id), (found) => routeOfMessage(found, text))),
          messageMix,
        ),
      }),
    ...(webhookUrl !== null &&
      alsoWebhookUrls.length > 0 && {
        webhook: shares(
          'webhook',
          [webhookUrl, ...alsoWebhookUrls].map((url) =>
            routeIn(api(webhook?.id), (found) => routeOfPost(found, url, found.stages[0] ?? null)),
          ),
          webhookMix,
        ),
      }),
  };
}

const routeIn = (api: Api | undefined, find: (api: Api) => string | null): string | null =>
  api === undefined ? null : find(api);

function withoutCosts(kind: 'message' | 'webhook', n: number, known: readonly string[]): string {
  const first = kind === 'message' ? '--message' : '--webhook-url';
  const also = kind === 'message' ? '--also-message' : '--also-webhook-url';
  const which = n === 0 ? first : `${also} (number ${n})`;
  return `--profile: it has no costs of the route that ${which} takes${known.length === 0 ? '' : `, only of ${known.join(', ')}`}: measure it with loadline profile ${also}, or leave out --profile.`;
}
