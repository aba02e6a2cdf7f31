/** How often a run takes each route of a profile. Pure. */
import { mixOfTaken, type RouteMix, routesOfProfile } from '../../capacity/profile/profile-coefficients.ts';
import { stageIn, type TakenRoute } from '../../graph/entered.ts';
import { routeOfMessage } from '../../graph/message-route.ts';
import { routeOfPost } from '../../graph/request-route.ts';
import type { ProfileRecord } from '../../record/profile.ts';
import { UsageError } from '../errors.ts';
import { sentSchema } from './sent-routes.ts';

type Kind = 'message' | 'webhook';

/**
 * `step`, `webhookUrl`: of the target. Empty where it is not known which route a run's only message, or URL, takes: then its costs are those of the profile's own.
 * @throws UsageError for a route whose costs the profile does not have.
 */
export function routeMixOf(
  profile: ProfileRecord,
  { step, webhookUrl }: { step: Record<string, unknown>; webhookUrl: string | null },
): RouteMix {
  const { message, alsoMessages, messageMix, alsoWebhookUrls, webhookMix } = sentSchema.parse(step);
  const { webSocket, webhook } = profile.deployment;
  const api = (id: string | undefined) => profile.graph.apis.find((each) => each.id === id);
  const [chat, hooks] = [api(webSocket?.id), api(webhook?.id)];
  const messages = message === undefined ? [] : [message, ...alsoMessages];
  const urls = webhookUrl === null ? [] : [webhookUrl, ...alsoWebhookUrls];
  return {
    ...mixOf(profile, 'message', {
      keys: messages.map((text) => (chat ? routeOfMessage(chat, text) : null)),
      weights: messageMix,
    }),
    ...mixOf(profile, 'webhook', {
      keys: urls.map((url) => (hooks ? routeOfPost(hooks, url, stageIn(url, hooks)) : null)),
      weights: webhookMix,
    }),
  };
}

function mixOf(
  profile: ProfileRecord,
  kind: Kind,
  { keys, weights }: { keys: readonly (string | null)[]; weights: readonly number[] },
): RouteMix {
  const known = routesOfProfile(profile, kind);
  const [first, ...others] = keys;
  const areOwnOnes = others.length === 0 && (first === undefined || first === null || known.size === 0);
  if (areOwnOnes) return {};
  const taken = keys.map((key, n): TakenRoute => ({ key, weight: weights[n] ?? 1 }));
  const mix = mixOfTaken(profile, kind, taken);
  const without = mix === null ? keys.indexOf(null) : keys.findIndex((key) => !(key !== null && known.has(key)));
  if (mix === null || without !== -1) throw new UsageError(withoutCosts(kind, Math.max(0, without), [...known.keys()]));
  return { [kind]: mix };
}

function withoutCosts(kind: Kind, n: number, known: readonly string[]): string {
  const first = kind === 'message' ? '--message' : '--webhook-url';
  const also = kind === 'message' ? '--also-message' : '--also-webhook-url';
  const which = n === 0 ? first : `${also} (number ${n})`;
  return `--profile: it has no costs of the route that ${which} takes${known.length === 0 ? '' : `, only of ${known.join(', ')}`}: measure it with loadline profile ${also}, or leave out --profile.`;
}
