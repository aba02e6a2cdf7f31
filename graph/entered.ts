/** Which APIs of a stack a load enters, and by which stages and routes. Pure. */
import type { Api, StackGraph } from './model.ts';

export interface EnteredApis {
  /** Logical ids; null: none, or which one is not clear. */
  webSocket: string | null;
  /** HTTP or REST, or the URL of a function. */
  webhook: string | null;
  /** Their stages; absent: which one is not known. */
  stages?: { webSocket: string | null; webhook: string | null };
  /** The routes that messages and webhooks take, and how often beside one another; absent, or null: not known. */
  routes?: { message: readonly TakenRoute[] | null; webhook: readonly TakenRoute[] | null };
}

/** `key` is null for what no route takes. */
export interface TakenRoute {
  key: string | null;
  weight: number;
}

/** Null where not one is known: then it says nothing of where the load goes. */
export const knownRoutes = (taken: readonly TakenRoute[]): readonly TakenRoute[] | null =>
  taken.some(({ key }) => key !== null) ? taken : null;

/** Of each route the share of the load of its kind, 0 to 1: several messages may take one. */
export function sharesOf(taken: readonly TakenRoute[]): Map<string, number> {
  const all = taken.reduce((sum, { weight }) => sum + weight, 0);
  const shares = new Map<string, number>();
  for (const { key, weight } of taken)
    if (key !== null && all > 0) shares.set(key, (shares.get(key) ?? 0) + weight / all);
  return shares;
}

/** Where load enters a stack: the URLs, and which of its APIs these are, where whoever chose them knows it. */
export interface Entrances {
  webSocketUrl: string | null;
  webhookUrl: string | null;
  /** Logical ids. Absent: the URLs alone say it. */
  entered?: { webSocket: string | null; webhook: string | null } | undefined;
}

/** As it is known; else by the API's id in the URL; where that is not in it (this machine, a domain of one's own), the only one of its kind. */
export function enteredApis(
  { apis }: Pick<StackGraph, 'apis'>,
  { webSocketUrl, webhookUrl, entered }: Entrances,
): EnteredApis {
  const find = (url: string | null, known: string | null | undefined, isOfKind: (api: Api) => boolean): Api | null => {
    if (url === null) return null;
    const ofKind = apis.filter(isOfKind);
    const named = ofKind.find(({ id }) => id === known) ?? ofKind.find(({ apiId }) => url.includes(apiId));
    if (named !== undefined) return named;
    return ofKind.length === 1 && !isFunctionUrl(url) ? (ofKind[0] ?? null) : null;
  };
  const webSocket = find(webSocketUrl, entered?.webSocket, ({ kind }) => kind === 'webSocket');
  const webhook = find(webhookUrl, entered?.webhook, ({ kind }) => kind !== 'webSocket');
  return {
    webSocket: webSocket?.id ?? null,
    webhook: webhook?.id ?? null,
    stages: { webSocket: stageIn(webSocketUrl, webSocket), webhook: stageIn(webhookUrl, webhook) },
  };
}

/** Of a function itself: it has its id in its host (Lambda developer guide, function URLs, read November 2026). */
export const isFunctionUrl = (url: string): boolean =>
  URL.canParse(url) && /\.lambda-url\.[a-z0-9-]+\.on\.aws$/.test(new URL(url).hostname);

/** The stage that begins a URL's path; else the only one of the API. */
export function stageIn(url: string | null, api: Api | null): string | null {
  if (url === null || api === null) return null;
  const first = URL.canParse(url) ? new URL(url).pathname.split('/')[1] : undefined;
  const named = api.stages.find((stage) => stage === first);
  return (
    named ??
    api.stages.find((stage) => stage === '$default') ??
    (api.stages.length === 1 ? api.stages[0] : undefined) ??
    null
  );
}
