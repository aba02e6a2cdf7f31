// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Signatures of webhooks: HMAC (RFC 2104) of what a scheme says, in the header that it says. */
import { createHmac } from 'node:crypto';
import { compileTemplate, type Fill, placeholdersOf, type ValueOf } from '../messages/template.ts';

export const signAlgorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
export const signEncodings = ['hex', 'base64', 'base64url'] as const;
/** Of `${timestamp}`: whole seconds or milliseconds since the epoch, or ISO 8601 in UTC. */
export const timestampForms = ['seconds', 'milliseconds', 'iso'] as const;
/** Whether the secret is the key as it stands, or an encoding of it; `whsec`: Base64 after `whsec_`. */
export const secretEncodings = ['text', 'base64', 'hex', 'whsec'] as const;

export interface SignScheme {
  algorithm: (typeof signAlgorithms)[number];
  encoding: (typeof signEncodings)[number];
  /** Template of what is signed ({@link signedPlaceholders}). */
  content: string;
  header: string;
  /** Template of the header's value, with `${signature}`. */
  value: string;
  timestamp: (typeof timestampForms)[number];
  secretEncoding: (typeof secretEncodings)[number];
  /** Further headers of the scheme: names → templates. */
  headers: Record<string, string>;
}

/** One post as it is about to leave. */
interface SignedPost {
  id: string;
  body: Buffer;
  method: string;
  /** As it is posted to, with everything filled in. */
  url: string;
  /** Milliseconds since the epoch: of this post, so that a retry is not refused as too old. */
  nowMs: number;
}

const values = {
  id: ({ id }) => id,
  method: ({ method }) => method,
  url: ({ url }) => url,
  /** With its query. */
  path: ({ url }) => url.replace(/^[^/]*\/\/[^/?#]*/, ''),
  host: ({ url }) => new URL(url).host,
  form: ({ body }) => sortedForm(body.toString()),
} satisfies Record<string, Fill<SignedPost>>;

/** What `content` may name; `${body}` are the body's bytes. */
export const signedPlaceholders: readonly string[] = ['body', 'timestamp', ...Object.keys(values)];
/** What the values of headers may name beside. */
export const signaturePlaceholders: readonly string[] = [
  'signature',
  'timestamp',
  'id',
  'method',
  'url',
  'path',
  'host',
];

/** Names and values of a form (application/x-www-form-urlencoded), by name, without anything between them. */
function sortedForm(body: string): string {
  const pairs = [...new URLSearchParams(body)].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return pairs.map(([name, value]) => `${name}${value}`).join('');
}

export type Sign = (post: SignedPost) => Record<string, string>;

/** Headers that sign a post. The scheme is taken apart here, once. */
export function signer(scheme: SignScheme, secret: string): Sign {
  const key = keyOf(scheme, secret);
  const stamp = stampOf(scheme.timestamp);
  type Signed = SignedPost & { signature: string };
  const fillOf: ValueOf<Signed> = (name) => {
    if (name === 'signature') return ({ signature }) => signature;
    if (name === 'timestamp') return ({ nowMs }) => stamp(nowMs);
    return Object.hasOwn(values, name) ? values[name as keyof typeof values] : undefined;
  };
  // The body goes in as it is: it may be large, and need not be text.
  const content = scheme.content.split('${body}').map((text) => compileTemplate(text, fillOf));
  const value = compileTemplate(scheme.value, fillOf);
  const further = Object.entries(scheme.headers).map(([name, text]) => [name, compileTemplate(text, fillOf)] as const);
  return (post) => {
    const unsigned = { ...post, signature: '' };
    const hmac = createHmac(scheme.algorithm, key);
    content.forEach((fill, n) => {
      if (n > 0) hmac.update(post.body);
      hmac.update(fill(unsigned));
    });
    const signed = { ...post, signature: hmac.digest(scheme.encoding) };
    const headers: Record<string, string> = { [scheme.header]: value(signed) };
    for (const [name, fill] of further) headers[name] = fill(signed);
    return headers;
  };
}

/** The key's bytes. Throws an Error whose message is a sentence when the secret is not in its encoding; it does not quote it. */
export function keyOf({ secretEncoding }: Pick<SignScheme, 'secretEncoding'>, secret: string): Buffer {
  switch (secretEncoding) {
    case 'text':
      return Buffer.from(secret);
    case 'hex':
      if (!/^([0-9a-f]{2})+$/i.test(secret)) throw new Error('The secret that signs webhooks is not hexadecimal.');
      return Buffer.from(secret, 'hex');
    case 'base64':
      return fromBase64(secret, 'Base64');
    case 'whsec':
      return fromBase64(secret.replace(/^whsec_/, ''), 'Base64 after whsec_');
  }
}

function fromBase64(text: string, what: string): Buffer {
  if (!/^[\w+/-]+={0,2}$/.test(text)) throw new Error(`The secret that signs webhooks is not ${what}.`);
  return Buffer.from(text, 'base64');
}

function stampOf(form: SignScheme['timestamp']): (nowMs: number) => string {
  switch (form) {
    case 'seconds':
      return (nowMs) => String(Math.floor(nowMs / 1_000));
    case 'milliseconds':
      return (nowMs) => String(Math.floor(nowMs));
    case 'iso':
      return (nowMs) => new Date(nowMs).toISOString();
  }
}

/** Placeholders of a scheme that it cannot fill in. */
export function unknownOfScheme({ content, value, headers }: SignScheme): string[] {
  const unknown = (text: string, known: readonly string[]) =>
    placeholdersOf(text).filter((name) => !known.includes(name));
  return [
    ...unknown(content, signedPlaceholders),
    ...[value, ...Object.values(headers)].flatMap((text) => unknown(text, signaturePlaceholders)),
  ];
}
