/** Where a stack of the user's own is reached: `--url` and `--webhook-url` may say it relative to the stack, whose addresses are not known in advance. Pure. */
import type { StackGraph } from '../../graph/model.ts';
import { UsageError } from '../errors.ts';

/** An API by its logical id, and its URL with the stage. */
export interface ApiAddress {
  api: string;
  url: string;
}

export interface StackAddresses {
  stackName: string;
  webSockets: readonly ApiAddress[];
  /** HTTP and REST APIs, and URLs of functions. */
  http: readonly ApiAddress[];
}

/** A path or query alone; after `Id:` of one of several APIs. */
const relative = /^(?:([A-Za-z0-9]+(?:\/[A-Za-z0-9]+)*):)?(\/.*|\?.*|)$/s;

const isRelative = (url: string): boolean => relative.test(url) && !/^[a-z]+:\/\//i.test(url);

/** A name that is never resolved (RFC 6761, 6.4). */
const nowhere = '.invalid';

/** Before a stack is up: addresses that lead nowhere, so that everything else can be checked. */
export function futureAddresses({ stackName, apis }: StackGraph): StackAddresses {
  const at = (scheme: string, isWanted: (kind: string) => boolean) =>
    apis
      .filter(({ kind }) => isWanted(kind))
      // One in a nested stack has its stack's id before its own.
      .map(({ id }) => ({ api: id, url: `${scheme}://${id.replaceAll('/', '.')}${nowhere}` }));
  return {
    stackName,
    webSockets: at('ws', (kind) => kind === 'webSocket'),
    http: at('http', (kind) => kind !== 'webSocket'),
  };
}

/**
 * @param url as given; empty: the API as it is.
 * @throws UsageError when which API is meant is not clear.
 */
export function webSocketUrlOf(addresses: StackAddresses, url: string): string {
  if (url !== '' && !isRelative(url)) return url;
  const { api, rest } = parsed(url);
  const found = only(addresses.webSockets, api);
  if (typeof found !== 'string') return joined(found, rest);
  const { stackName, webSockets } = addresses;
  if (webSockets.length === 0)
    throw new UsageError(
      `The stack ${stackName} has no WebSocket API with a stage: give the URL of one with --url, name another stack, or post webhooks alone with --webhook-url.`,
    );
  throw new UsageError(
    found === 'unknown'
      ? `--url ${url}: the stack ${stackName} has no WebSocket API ${api}. It has ${listed(webSockets)}.`
      : `The stack ${stackName} has ${webSockets.length} stages of WebSocket APIs: choose one with --url, of ${listed(webSockets)}.`,
  );
}

/** The same for webhooks. */
export function webhookUrlOf(addresses: StackAddresses, url: string): string {
  if (!isRelative(url)) return url;
  const { api, rest } = parsed(url);
  const found = only(addresses.http, api);
  if (typeof found !== 'string') return joined(found, rest);
  const { stackName, http } = addresses;
  if (http.length === 0)
    throw new UsageError(
      `--webhook-url ${url}: the stack ${stackName} has no HTTP or REST API, and no function with a URL, whose address is known: give a whole URL.`,
    );
  const stages = http.filter((each) => each.api === (api ?? http[0]?.api));
  if (found === 'unclear' && (api !== undefined || stages.length === http.length))
    throw new UsageError(
      `--webhook-url ${url}: the API ${stages[0]?.api} has ${stages.length} stages: give a whole URL, beginning with one of ${stages.map((each) => each.url).join(', ')}.`,
    );
  throw new UsageError(
    `--webhook-url ${url}: ${found === 'unknown' ? `the stack ${stackName} has no API ${api}` : `the stack ${stackName} has ${new Set(http.map((each) => each.api)).size} APIs`}: name one, as in ${http[0]?.api}:${rest}. They are ${listed(http)}.`,
  );
}

/** The API at whose address a URL begins; the longest: the default stage's begins that of every other. */
export function addressOf(url: string | null, all: readonly ApiAddress[]): ApiAddress | undefined {
  if (url === null) return undefined;
  const begins = all.filter((address) =>
    `${url.replace(/[?#].*$/s, '')}/`.startsWith(`${address.url.replace(/\/$/, '')}/`),
  );
  return begins.toSorted((a, b) => b.url.length - a.url.length)[0];
}

function parsed(url: string): { api: string | undefined; rest: string } {
  const [, api, rest = ''] = relative.exec(url) ?? [];
  return { api, rest };
}

function only(all: readonly ApiAddress[], api: string | undefined): ApiAddress | 'unknown' | 'unclear' {
  const meant = api === undefined ? all : all.filter((each) => each.api === api);
  const [first] = meant;
  if (meant.length === 1 && first !== undefined) return first;
  return api !== undefined && meant.length === 0 ? 'unknown' : 'unclear';
}

const joined = ({ url }: ApiAddress, rest: string): string => `${url.replace(/\/$/, '')}${rest}`;

const listed = (all: readonly ApiAddress[]): string =>
  all.map(({ api, url }) => (url.endsWith(nowhere) ? api : `${url} (${api})`)).join(', ');
