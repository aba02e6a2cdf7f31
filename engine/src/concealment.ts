/**
 * Secrets in text: what of a target's URL, headers and messages is secret, and its removal from text that is kept or shown. A target may send back what it
 * was sent, for example in the reason of a close, in whatever encoding. Pure.
 */

/** Takes the place of a secret. */
export const concealed = '***';
/** Shorter ones would be found everywhere: of what is known to be a secret, and of what may be one. */
const shortest = 4;
const shortestPossible = 6;
/** At the end of a text that was cut off, and in another encoding, a shorter match would be chance. */
const shortestPart = 6;
const shortestEncoded = 8;

export type Conceal = (text: string) => string;

/** Replaces every occurrence of each secret, as it is or encoded (JSON, URL, HTML, Base64, hexadecimal), and every JWT. */
export function concealer(secrets: Iterable<string>): Conceal {
  const known = [...secrets].filter((secret) => secret.length >= shortest).map((secret) => secret.toWellFormed());
  const forms = [...new Set(known.flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  // A JWT: its header and its claims are JSON objects, which begin with {" in Base64. RFC 7519.
  const jwt = String.raw`\beyJ[\w-]{6,}\.eyJ[\w-]{6,}\.[\w-]*`;
  const pattern = new RegExp([...forms.map(escaped), jwt].join('|'), 'g');
  return (text) => withoutCutEnd(text, forms).replace(pattern, concealed);
}

/** A copy of plain data with its texts concealed, and the keys of its counts; counts under keys that become one are added up. */
export function concealTexts<Value>(value: Value, conceal: Conceal): Value {
  return copy(value, conceal) as Value;
}

function copy(value: unknown, conceal: Conceal): unknown {
  if (typeof value === 'string') return conceal(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => copy(item, conceal));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (typeof item !== 'number') result[key] = copy(item, conceal);
    else {
      const name = conceal(key);
      result[name] = Number(result[name] ?? 0) + item;
    }
  }
  return result;
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  const encoded = [encodeURIComponent(secret), encodeURI(secret), form].flatMap((text) => [
    text,
    text.replaceAll(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
  ]);
  const html = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const hex = bytes.toString('hex');
  const binary = [...base64Forms(bytes), ...(hex.length >= shortestEncoded ? [hex, hex.toUpperCase()] : [])];
  return [secret, JSON.stringify(secret).slice(1, -1), html, ...encoded, ...binary];
}

/** Wherever the secret begins within what was encoded, without the characters that depend on its neighbours. */
function base64Forms(bytes: Buffer): string[] {
  const forms = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    return [text.slice(from, to)];
  });
  return forms
    .filter((form) => form.length >= shortestEncoded)
    .flatMap((form) => [form, form.replaceAll('-', '+').replaceAll('_', '/')]);
}

/** Texts are cut to a length: what is left of a secret at the end is no longer found as a whole. */
function withoutCutEnd(text: string, forms: readonly string[]): string {
  for (const form of forms) {
    for (let length = Math.min(form.length - 1, text.length); length >= shortestPart; length--)
      if (text.endsWith(form.slice(0, length))) return text.slice(0, -length) + concealed;
  }
  return text;
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Of a URL: user name, password and every value of its query, as they are written and decoded. */
export function secretsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { username, password, searchParams, search } = new URL(text);
  const userInfo = [username, password].filter(Boolean).flatMap((part) => [part, decoded(part)]);
  const basic = username === '' ? [] : [Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')];
  const written = search
    .slice(1)
    .split('&')
    .map((pair) => pair.slice(pair.indexOf('=') + 1));
  return [...userInfo, ...basic, ...possible([...searchParams.values(), ...written])];
}

/** A URL without what {@link secretsOfUrl} names, to be recorded and shown: `wss://***@example.com/ws?token=***`. */
export function shownUrl(text: string): string {
  if (!URL.canParse(text)) return concealed;
  const url = new URL(text);
  const userInfo = url.username === '' && url.password === '' ? '' : `${concealed}@`;
  const names = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '');
  const query = names.map((pair) =>
    pair.includes('=') ? `${pair.slice(0, pair.indexOf('='))}=${concealed}` : concealed,
  );
  return `${url.protocol}//${userInfo}${url.host}${url.pathname}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** Of a header: its value, and what follows a scheme (`Bearer …`) or the name of a cookie or parameter. */
export function secretsOfHeader(value: string): string[] {
  const [, scheme = '', credentials = ''] = /^(\S+)\s+(.+)$/.exec(value) ?? [];
  const basic = /^basic$/i.test(scheme) ? Buffer.from(credentials, 'base64').toString().split(':').slice(1) : [];
  const values = value.split(/[;,]\s*/).map((part) => part.slice(part.indexOf('=') + 1).replaceAll('"', ''));
  return [...basic, ...possible([value, credentials, ...values])];
}

const secretName = /token|secret|passw|auth|key|credential|session|cookie|jwt|signature/i;
export const isSecretName = (name: string): boolean => secretName.test(name);
/** A word of a message that looks like a key: nobody writes one this long. */
const longWord = 16;
export const looksLikeKey = (word: string): boolean => word.length >= longWord && /\d/.test(word);

/**
 * Of a message template: values under names such as token or password in JSON, and values and words that look like keys, in any form.
 * @param isAllSecret it was given by reference: then any value is.
 */
export function secretsOfMessage(template: string, { isAllSecret = false } = {}): string[] {
  const named: string[] = [];
  try {
    JSON.parse(template, (name, value: unknown) => {
      if (
        typeof value === 'string' &&
        (secretName.test(name) || looksLikeKey(value) || (isAllSecret && isPossibleSecret(value)))
      )
        named.push(value);
      return value;
    });
  } catch {
    // Not JSON: its words are all that is known.
  }
  const words = template.split(/[\s"'`,;:=&?<>(){}[\]|\\]+/).filter(looksLikeKey);
  return [...named, ...words].filter((value) => !value.includes('${'));
}

/** Numbers and short words would be found in texts that have nothing to do with them. */
export const isPossibleSecret = (value: string): boolean =>
  value.length >= shortestPossible && !/^\d{1,9}$/.test(value);
/** What is filled in stands there by its name. */
const possible = (values: readonly string[]): string[] =>
  values.filter((value) => isPossibleSecret(value) && !value.includes('${'));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Of a header of a webhook: an ordinary one, such as its type or topic, is none. */
export const secretsOfWebhookHeader = (value: string): string[] =>
  secretsOfHeader(value).filter((part) => looksLikeKey(part) || /\s/.test(value));

/** Some servers take a token as a subprotocol, because that is all that a browser can set. */
export const secretsOfSubprotocols = (subprotocols: readonly string[]): string[] => subprotocols.filter(looksLikeKey);

/** Everything secret that a fleet sends. Whatever is recorded of what comes back must not contain it. */
export function secretsOfTarget(target: {
  webSocketUrl: string;
  webhookUrl: string | null;
  tokenSecret: string | null;
  webhookSecret: string;
  headers: Readonly<Record<string, string>>;
  subprotocols: readonly string[];
  protocol: { message: string } | null;
  webhook?: { body: string; headers: Readonly<Record<string, string>> } | null;
  token?: { kind: string; value?: string } | null;
}): string[] {
  const { webSocketUrl, webhookUrl, tokenSecret, webhookSecret, headers, subprotocols, protocol } = target;
  const { webhook = null, token = null } = target;
  return [
    ...secretsOfUrl(webSocketUrl),
    ...(webhookUrl === null ? [] : secretsOfUrl(webhookUrl)),
    ...[tokenSecret ?? '', webhookSecret],
    ...Object.values(headers).flatMap(secretsOfHeader),
    ...secretsOfSubprotocols(subprotocols),
    ...(protocol === null ? [] : secretsOfMessage(protocol.message)),
    ...(webhook === null ? [] : secretsOfMessage(webhook.body)),
    ...Object.values(webhook?.headers ?? {}).flatMap(secretsOfWebhookHeader),
    ...(token?.value === undefined ? [] : [token.value]),
  ];
}
