/** Which messages a run sends, and where it posts webhooks: by name, route and weight. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { concealer } from '../../engine/src/concealment.ts';
import { type Entrances, enteredApis } from '../../graph/entered.ts';
import { routeOfMessage } from '../../graph/message-route.ts';
import type { StackGraph } from '../../graph/model.ts';
import { routeOfPost } from '../../graph/request-route.ts';
import { routeNames } from '../../graph/route-names.ts';
import type { SentRoutes } from '../../record/run.ts';
import { parseScenario } from '../../scenarios/catalogue/scenario.ts';
import { accept, readInputFile } from '../input-file.ts';
import type { RunningTarget } from '../target/running-target.ts';

/** Of a step, as far as it says what is sent. */
export const sentSchema = z.object({
  message: z.string().optional(),
  alsoMessages: z.array(z.string()).default([]),
  messageMix: z.array(z.number()).default([]),
  webhookUrl: z.string().nullable().default(null),
  alsoWebhookUrls: z.array(z.string()).default([]),
  webhookMix: z.array(z.number()).default([]),
});
interface Sending {
  /** Fleet steps of the scenario, as they are written. */
  fleets: readonly Readonly<Record<string, unknown>>[];
  /** What stands in place of theirs in every step. */
  foreign: Readonly<Record<string, unknown>>;
  webSocketUrl: string;
  /** Which APIs these are, where whoever chose them knows it. */
  entered?: Entrances['entered'];
  /** Where the target takes webhooks; null: nowhere. */
  webhookUrl: string | null;
  /** Of the target; undefined: nothing is known of its inside. */
  graph: StackGraph | undefined;
  /** Names are shown: none is made of these. */
  secrets: readonly string[];
}

/** Undefined where nothing is known of what is sent, or steps differ in it. */
export function sentRoutes({ fleets, foreign, graph, secrets, ...urls }: Sending): SentRoutes | undefined {
  const steps = fleets.map((fleet) => sentSchema.safeParse({ ...fleet, ...foreign, webhookUrl: urls.webhookUrl }));
  const [first] = steps;
  if (!first?.success || steps.some(({ data }) => !isDeepStrictEqual(data, first.data))) return undefined;
  const { message, alsoMessages, messageMix, webhookUrl, alsoWebhookUrls, webhookMix } = first.data;
  const entered = graph && enteredApis(graph, urls);
  const api = (id: string | null | undefined) => graph?.apis.find((each) => each.id === id);
  const [chat, hooks] = [api(entered?.webSocket), api(entered?.webhook)];
  const conceal = concealer(secrets);
  const label = (text: string | null): string | null => (text === null || conceal(text) !== text ? null : text);
  const messages = (message === undefined ? [] : [message, ...alsoMessages]).map((text) => ({
    key: chat ? routeOfMessage(chat, text) : null,
    label: label(labelOfMessage(text)),
  }));
  const posts = (webhookUrl === null ? [] : [webhookUrl, ...alsoWebhookUrls]).map((url) => ({
    key: hooks ? routeOfPost(hooks, url, entered?.stages?.webhook ?? null) : null,
    label: label(labelOfPost(url)),
  }));
  return messages.length + posts.length === 0
    ? undefined
    : { message: weighed(messages, messageMix), webhook: weighed(posts, webhookMix) };
}

type Sent = { key: string | null; label: string | null };

function weighed(sent: readonly Sent[], weights: readonly number[]): SentRoutes['message'] {
  const names = routeNames(sent);
  return sent.map(({ key }, n) => ({ name: names[n] ?? '', key, weight: weights[n] ?? 1 }));
}

/** A word that names a kind of message: no text of its own. */
const word = /^[\w.:/-]{1,40}$/;

/** The first text of a JSON message that is a word and no placeholder, as `send` in `{"do":"send","id":"${id}"}`; of any other the whole, if it is one. */
function labelOfMessage(text: string): string | null {
  const values = valuesOf(text);
  return (values ?? [text]).find((value) => word.test(value)) ?? null;
}

function valuesOf(text: string): string[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null
      ? Object.values(parsed).filter((value) => typeof value === 'string')
      : null;
  } catch {
    return null;
  }
}

const labelOfPost = (url: string): string | null => (URL.canParse(url) ? `POST ${new URL(url).pathname}` : null);

/** What is sent to a stack of somebody's own, or by a scenario with messages of its own. */
export function routesSentBy(
  scenarioFile: string,
  { description }: Pick<RunningTarget, 'description'>,
  secrets: readonly string[],
): { routes?: SentRoutes } {
  const { scenario } = accept(parseScenario(readInputFile(scenarioFile, 'scenario'), scenarioFile));
  const isOwn = description.kind === 'endpoint';
  if (!isOwn && scenario.fleets.every((fleet) => fleet.message === undefined)) return {};
  const { webSocketUrl, webhookUrl } = description;
  const routes = sentRoutes({
    ...{ webSocketUrl, webhookUrl, secrets, fleets: scenario.fleets },
    foreign: isOwn ? description.step : {},
    ...(isOwn && { entered: description.entered }),
    graph: isOwn ? description.inside?.graph : description.graph,
  });
  return routes === undefined ? {} : { routes };
}
