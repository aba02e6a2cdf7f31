/** Which APIs of a stack a load enters. Pure. */
import type { Api, StackGraph } from './model.ts';

export interface EnteredApis {
  /** Logical ids; null: none, or which one is not clear. */
  webSocket: string | null;
  /** HTTP or REST. */
  webhook: string | null;
}

/** By the API's id in the URL; where that is not in it (this machine, a domain of one's own), the only one of its kind. */
export function enteredApis(
  { apis }: Pick<StackGraph, 'apis'>,
  { webSocketUrl, webhookUrl }: { webSocketUrl: string | null; webhookUrl: string | null },
): EnteredApis {
  const find = (url: string | null, isOfKind: (api: Api) => boolean): string | null => {
    if (url === null) return null;
    const ofKind = apis.filter(isOfKind);
    const named = ofKind.find(({ apiId }) => url.includes(apiId));
    return (named ?? (ofKind.length === 1 ? ofKind[0] : undefined))?.id ?? null;
  };
  return {
    webSocket: find(webSocketUrl, ({ kind }) => kind === 'webSocket'),
    webhook: find(webhookUrl, ({ kind }) => kind !== 'webSocket'),
  };
}
