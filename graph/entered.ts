/** Which APIs of a stack a load enters, and by which stages and routes. Pure. */
import type { Api, StackGraph } from './model.ts';

export interface EnteredApis {
  /** Logical ids; null: none, or which one is not clear. */
  webSocket: string | null;
  /** HTTP or REST. */
  webhook: string | null;
  /** Their stages; absent: which one is not known. */
  stages?: { webSocket: string | null; webhook: string | null };
  /** Keys of the routes that messages and webhooks take; absent, or null: not known. */
  routes?: { message: string | null; webhook: string | null };
}

/** By the API's id in the URL; where that is not in it (this machine, a domain of one's own), the only one of its kind. */
export function enteredApis(
  { apis }: Pick<StackGraph, 'apis'>,
  { webSocketUrl, webhookUrl }: { webSocketUrl: string | null; webhookUrl: string | null },
): EnteredApis {
  const find = (url: string | null, isOfKind: (api: Api) => boolean): Api | null => {
    if (url === null || isFunctionUrl(url)) return null;
    const ofKind = apis.filter(isOfKind);
    const named = ofKind.find(({ apiId }) => url.includes(apiId));
    return named ?? (ofKind.length === 1 ? ofKind[0] : undefined) ?? null;
  };
  const webSocket = find(webSocketUrl, ({ kind }) => kind === 'webSocket');
  const webhook = find(webhookUrl, ({ kind }) => kind !== 'webSocket');
  return {
    webSocket: webSocket?.id ?? null,
    webhook: webhook?.id ?? null,
    stages: { webSocket: stageIn(webSocketUrl, webSocket), webhook: stageIn(webhookUrl, webhook) },
  };
}

/** Of a function itself, before which no API stands (Lambda developer guide, function URLs, read November 2026). */
const isFunctionUrl = (url: string): boolean =>
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
