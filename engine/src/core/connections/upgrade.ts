// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** What each device's upgrade request says: URL, headers and subprotocols, with its user and its token filled in. */
import { type Feed, feedColumn, rowOf } from '../messages/feed.ts';
import { compileTemplate, type Fill, inUrl, placeholdersOf, type ValueOf } from '../messages/template.ts';
import { basicOf, hasAuthorization, userInfoOf } from '../wire/basic-authorization.ts';
import { type Endpoint, endpointOf } from '../wire/socket.ts';
import { type Device, tabOf } from './device.ts';

interface UpgradeParts {
  /** With its placeholders. */
  webSocketUrl: string;
  headers: Readonly<Record<string, string>>;
  subprotocols: readonly string[];
}

/** Path with query, and the rest. */
export interface Upgrade {
  path: string;
  endpoint: Endpoint;
}

interface Values {
  device: Device;
  token: string;
}

const values = {
  user: ({ device }) => device.user.id,
  tab: ({ device }) => tabOf(device),
  sequence: ({ device }) => String(device.index),
  token: ({ token }) => token,
} satisfies Record<string, Fill<Values>>;

/** What URL, headers and subprotocols may name, beside the columns of a feed. */
export const upgradePlaceholders: readonly string[] = Object.keys(values);

/** All texts of an upgrade that may have placeholders. */
export const upgradeTexts = ({ webSocketUrl, headers, subprotocols }: UpgradeParts): string[] => [
  webSocketUrl,
  ...Object.values(headers),
  ...subprotocols,
];

const namesToken = (text: string): boolean => placeholdersOf(text).includes('token');

/** By device; one without a placeholder is made once. A token that is named nowhere goes into the query, as `token`. */
export function upgradeWriter(
  parts: UpgradeParts,
  { tokens, feed }: { tokens: ReadonlyMap<string, string>; feed: Feed },
): (device: Device) => Upgrade {
  const fillOf: ValueOf<Values> = (name) => {
    if (Object.hasOwn(values, name)) return values[name as keyof typeof values];
    const column = feedColumn(name, feed);
    return column === null ? undefined : ({ device }) => rowOf(feed, device.user.index)[column] ?? '';
  };
  const url = new URL(parts.webSocketUrl);
  const { search } = url;
  const texts = upgradeTexts(parts);
  const addsToken = !texts.some(namesToken);
  const pathOf = compileTemplate(`${withPlaceholders(url.pathname)}${search}`, inUrl(fillOf));
  const userInfo = hasAuthorization(parts.headers) ? null : userInfoOf(url);
  const isSame = ![...Object.values(parts.headers), ...parts.subprotocols, userInfo ?? ''].some(hasPlaceholder);
  const headers = Object.entries(parts.headers).map(([name, text]) => [name, compileTemplate(text, fillOf)] as const);
  if (userInfo !== null) {
    const fill = compileTemplate(userInfo, fillOf);
    headers.push(['Authorization', (of) => basicOf(fill(of))]);
  }
  const subprotocols = parts.subprotocols.map((text) => compileTemplate(text, fillOf));
  const authorization = userInfo === null ? {} : { Authorization: basicOf(userInfo) };
  const same = endpointOf(url, { ...parts, headers: { ...parts.headers, ...authorization } });
  return (device) => {
    const token = tokens.get(device.user.id);
    const of = { device, token: token ?? '' };
    const path = pathOf(of);
    const query =
      token === undefined || !addsToken ? '' : `${search === '' ? '?' : '&'}token=${encodeURIComponent(token)}`;
    if (isSame) return { path: path + query, endpoint: same };
    const filled: Record<string, string> = {};
    for (const [name, fill] of headers) filled[name] = fill(of);
    const endpoint = { ...same, headers: filled, subprotocols: subprotocols.map((fill) => fill(of)) };
    return { path: path + query, endpoint };
  };
}

const hasPlaceholder = (text: string): boolean => placeholdersOf(text).length > 0;

/** A URL's parser encodes the braces of a placeholder in its path. */
export const withPlaceholders = (url: string): string => url.replaceAll(/\$%7B([\w.]+)%7D/gi, '${$1}');
