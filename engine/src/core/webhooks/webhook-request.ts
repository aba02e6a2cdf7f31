// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** The posts of webhooks: those of the reference stack's provider, or by a template of the user's. */
import type { User } from '../connections/device.ts';
import { type Feed, feedColumn, rowOf } from '../messages/feed.ts';
import { compileTemplate, type Fill, inUrl, placeholdersOf, type ValueOf } from '../messages/template.ts';
import { basicOf, hasAuthorization, userInfoOf } from '../wire/basic-authorization.ts';
import { messageCreatedBody, signWebhook } from './nylas-event.ts';
import { type SignScheme, signer } from './signing.ts';

/** Whom a webhook is for: a user with all tabs, one tab, or every connection of the fleet. */
export const webhookOwners = ['user', 'tab', 'everyone'] as const;
export type WebhookOwner = (typeof webhookOwners)[number];

export interface WebhookFormat {
  /** Template ({@link webhookPlaceholders}). */
  body: string;
  /** Name → template; Content-Type among them. */
  headers: Record<string, string>;
  /** Null: not signed. */
  sign: SignScheme | null;
  owner: WebhookOwner;
}

/** An event that is posted, perhaps more than once. */
export interface WebhookEvent {
  eventId: string;
  owner: User;
  /** 0, 1, 2, … in the fleet. */
  sequence: number;
  /** When it was due, in seconds since the epoch. */
  timeSeconds: number;
  /** Size of the whole body; at least what its text needs. */
  bytes: number;
  /** Of several URLs the place of its own, from 0: one that is posted again goes where it went. */
  route: number;
}

export interface WebhookRequest {
  /** With its query; null: that of the URL as it is. */
  path: string | null;
  headers: Record<string, string>;
  body: Buffer;
}

/** `attempt`: 1 for the first post of an event. `nowMs`: of this post, since the epoch. */
export type RequestOf = (event: WebhookEvent, post: { attempt: number; nowMs: number }) => WebhookRequest;

/** Nylas v3, as the reference stack takes it. */
export const nylasRequests =
  (secret: string): RequestOf =>
  ({ owner, ...event }, { attempt }) => {
    const body = messageCreatedBody({ ...event, grantId: owner.id, attempt });
    return { path: null, headers: { 'x-nylas-signature': signWebhook(body, secret) }, body };
  };

interface Values extends WebhookEvent {
  attempt: number;
  pad: string;
}

/** `pad` fills the body up to the size of a webhook. */
const values = {
  id: ({ eventId }) => eventId,
  user: ({ owner }) => owner.id,
  tab: ({ owner }) => owner.tab ?? `${owner.id}.0`,
  sequence: ({ sequence }) => String(sequence),
  attempt: ({ attempt }) => String(attempt),
  timestamp: ({ timeSeconds }) => String(timeSeconds),
  time: ({ timeSeconds }) => new Date(timeSeconds * 1_000).toISOString(),
  pad: ({ pad }) => pad,
} satisfies Record<string, Fill<Values>>;

/** What the body, the headers and the URL of a webhook may name, beside the columns of a feed. */
export const webhookPlaceholders: readonly string[] = Object.keys(values);

const fillOf =
  (feed: Feed): ValueOf<Values> =>
  (name) => {
    if (Object.hasOwn(values, name)) return values[name as keyof typeof values];
    const column = feedColumn(name, feed);
    return column === null ? undefined : ({ owner }) => rowOf(feed, owner.index)[column] ?? '';
  };

/** `url`: as given, with its placeholders. */
export function customRequests(
  format: WebhookFormat,
  { url, secret, feed }: { url: string; secret: string; feed: Feed },
): RequestOf {
  const known = fillOf(feed);
  const bodyOf = compileTemplate(format.body, known);
  const urlOf = compileTemplate(url, inUrl(known));
  const hasPath = placeholdersOf(url).length > 0;
  const padded = placeholdersOf(format.body).includes('pad');
  const headers = Object.entries(format.headers).map(([name, text]) => [name, compileTemplate(text, known)] as const);
  const userInfo = URL.canParse(url) && !hasAuthorization(format.headers) ? userInfoOf(new URL(url)) : null;
  if (userInfo !== null && placeholdersOf(userInfo).length > 0) {
    const fill = compileTemplate(userInfo, known);
    headers.push(['Authorization', (of) => basicOf(fill(of))]);
  }
  const sign = format.sign === null ? null : signer(format.sign, secret);
  return (event, { attempt, nowMs }) => {
    const unpadded = { ...event, attempt, pad: '' };
    const text = bodyOf(unpadded);
    const missing = padded ? event.bytes - Buffer.byteLength(text) : 0;
    const body = Buffer.from(missing > 0 ? bodyOf({ ...unpadded, pad: 'x'.repeat(missing) }) : text);
    const filled = hasPath ? urlOf(unpadded) : url;
    const own: Record<string, string> = {};
    for (const [name, fill] of headers) own[name] = fill(unpadded);
    const signed = sign?.({ id: event.eventId, body, method: 'POST', url: filled, nowMs });
    return { path: hasPath ? pathOf(filled) : null, headers: { ...own, ...signed }, body };
  };
}

/** The same webhooks to several URLs of one host, each to that of its route. `requests`: to the first; `also`: the others. */
export function mixedRequests(
  requests: RequestOf,
  also: readonly string[],
  requestsTo: (url: string) => RequestOf,
): RequestOf {
  const all = [
    requests,
    ...also.map((url): RequestOf => {
      const requestOf = requestsTo(url);
      const path = pathOf(url);
      return (event, post) => {
        const request = requestOf(event, post);
        return { ...request, path: request.path ?? path };
      };
    }),
  ];
  return (event, post) => (all[event.route] ?? requests)(event, post);
}

/** Path and query of a URL, as they are written. */
function pathOf(url: string): string {
  const path = url.replace(/^[^/]*\/\/[^/?#]*/, '').replace(/#.*$/, '');
  return path.startsWith('/') ? path : `/${path}`;
}

/** What a body is most likely, where nothing else is said. */
export function likelyContentType(body: string): string {
  if (/^\s*[[{]/.test(body)) return 'application/json';
  return /^[^=&\s]+=\S*$/.test(body.trim()) ? 'application/x-www-form-urlencoded' : 'text/plain; charset=utf-8';
}
