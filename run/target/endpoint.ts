// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** A target that is not the reference stack: any WebSocket endpoint, and webhooks when there is somewhere to post them; with the stack behind it, where that is known. */

import {
  secretsOfHeader,
  secretsOfMessage,
  secretsOfSubprotocols,
  secretsOfUrl,
  shownUrl,
} from '../../engine/src/concealment.ts';
import { keysOf } from '../../engine/src/step/keyed.ts';
import type { MeasuredTarget } from '../../record/target.ts';
import { UsageError } from '../errors.ts';
import { type GivenValue, givenValue, headerOf, headersOf, referred } from '../request/given-value.ts';
import { parseAnswer } from './answer-option.ts';
import { type OwnMixOptions, readOwnMix } from './own-mix.ts';
import { type OwnProtocolOptions, ownProtocolFlags, readOwnProtocol } from './own-protocol.ts';
import { addressOf, type StackAddresses, webhookUrlOf, webSocketUrlOf } from './stack-addresses.ts';

export interface EndpointOptions extends OwnProtocolOptions, OwnMixOptions {
  url?: string;
  header?: string[];
  subprotocol?: string[];
  message?: string;
  answer?: string;
  webhookUrl?: string;
}

export interface EndpointDescription {
  kind: 'endpoint';
  /** With everything that is secret in it: for the client only. Of a stack without WebSockets one that leads nowhere. */
  webSocketUrl: string;
  /** The stack has no WebSocket API: nothing connects, webhooks are posted alone. */
  webhooksOnly?: true;
  /** Null: no webhooks are posted. */
  webhookUrl: string | null;
  /** Null: connections carry no token. */
  tokenSecret: string | null;
  webhookSecret: string | null;
  /** Fields of every fleet step, as the engine takes them. */
  step: Record<string, unknown>;
  /** The URLs as they are recorded and shown. */
  shown: { webSocketUrl: string; webhookUrl: string | null };
  /** Whatever is secret in it: no file and no line on a terminal contains it. */
  secrets: string[];
  /** Options with a value that is, or may be, secret, as in `--header`. */
  secretOptions: string[];
  /** The stack that it belongs to; null: nothing is known of its inside. */
  inside: MeasuredTarget | null;
  /** Which of the stack's APIs are at these URLs, by logical id; absent: there is no stack whose addresses are known. */
  entered?: { webSocket: string | null; webhook: string | null };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A name that is never resolved (RFC 6761, 6.4). */
const noWebSockets = 'ws://no-web-sockets.invalid/';

/**
 * The endpoint that the options name; null without --url. Its signing keys come from the environment, because other users of the machine can read command lines;
 * any other value may (`env:NAME`, `file:PATH`).
 * @throws UsageError for an option that is wrong, or that needs another. It quotes nothing that may be secret.
 */
export function readEndpoint(options: EndpointOptions, environment: Environment): EndpointDescription | null {
  const { header = [], answer } = options;
  if (options.url === undefined) {
    const lone = [
      header.length > 0 && '--header',
      options.subprotocol !== undefined && options.subprotocol.length > 0 && '--subprotocol',
      options.message !== undefined && '--message',
      answer !== undefined && '--answer',
      options.webhookUrl !== undefined && '--webhook-url',
      options.alsoMessage !== undefined && '--also-message',
      options.alsoWebhookUrl !== undefined && '--also-webhook-url',
      options.messageMix !== undefined && '--message-mix',
      options.webhookMix !== undefined && '--webhook-mix',
      ...keysOf(ownProtocolFlags).map((name) => options[name] !== undefined && ownProtocolFlags[name]),
    ].find((option) => option !== false);
    if (lone !== undefined)
      throw new UsageError(`${lone} is for an endpoint of your own: give --url, --stack, --template or --app as well.`);
    return null;
  }
  return endpointFrom({ ...options, url: options.url }, environment);
}

/** @throws UsageError as {@link readEndpoint}. */
export function endpointFrom(
  options: EndpointOptions,
  environment: Environment,
  /** Of the stack that it belongs to, where there is one: then URLs may be relative to it. */
  addresses: StackAddresses | null = null,
): EndpointDescription {
  const { header = [], answer } = options;
  const webhooksOnly =
    addresses?.webSockets.length === 0 && (options.url ?? '') === '' && options.webhookUrl !== undefined;
  const givenUrl = webhooksOnly
    ? { value: noWebSockets, reference: null }
    : located(webSocketUrlOf, givenValue('--url', options.url ?? '', environment), addresses);
  const url = urlOf('--url', givenUrl, ['ws:', 'wss:']);
  const webhooks =
    options.webhookUrl === undefined
      ? null
      : urlOf(
          '--webhook-url',
          located(webhookUrlOf, givenValue('--webhook-url', options.webhookUrl, environment), addresses),
          ['http:', 'https:'],
        );
  const own = readOwnProtocol(options, environment);
  if (options.webhook !== undefined && webhooks === null)
    throw new UsageError(
      '--webhook needs somewhere to be posted: give --webhook-url, a URL, or a path such as /hooks of a stack’s API.',
    );
  const { LOADLINE_TOKEN_SECRET: tokenSecret = '', LOADLINE_WEBHOOK_SECRET = '' } = environment;
  const webhookSecret = own.webhookSecret ?? LOADLINE_WEBHOOK_SECRET;
  if (webhooks !== null && own.signsWebhooks && webhookSecret === '')
    throw new UsageError(
      '--webhook-url needs the secret that signs webhooks: set LOADLINE_WEBHOOK_SECRET, or say with --webhook and --sign how they are signed.',
    );
  if (answer !== undefined && options.message === undefined)
    throw new UsageError('--answer says how to recognise the answer to a --message: give --message as well.');
  const headers = headersOf(header.map((text) => headerOf('--header', text, environment)));
  const subprotocols = (options.subprotocol ?? []).map((text) => givenValue('--subprotocol', text, environment));
  const message = options.message === undefined ? null : givenValue('--message', options.message, environment);
  if (message?.value === '')
    throw new UsageError('--message: the text is empty: give the message that is to be sent, or leave it out.');
  const mix = readOwnMix(options, {
    ...{ environment, hasMessage: message !== null, webhookUrl: webhooks?.value ?? null },
    webhookUrlOf: (option, given) => {
      const { value, secrets, shown, whole } = urlOf(option, located(webhookUrlOf, given, addresses), [
        'http:',
        'https:',
      ]);
      return { value, secrets: shown === whole ? secrets : [...secrets, value] };
    },
  });
  const subprotocolNames = subprotocols.map(({ value }) => value);
  const parts: [option: string, secrets: readonly string[]][] = [
    ['--subprotocol', [...secretsOfSubprotocols(subprotocolNames), ...subprotocols.flatMap(referred)]],
    [
      '--message',
      message === null
        ? []
        : [...secretsOfMessage(message.value, { isAllSecret: message.reference !== null }), ...referred(message)],
    ],
  ];
  return {
    kind: 'endpoint',
    inside: null,
    ...(webhooksOnly && { webhooksOnly }),
    ...(addresses && {
      entered: {
        webSocket: addressOf(url.value, addresses.webSockets)?.api ?? null,
        webhook: addressOf(webhooks?.value ?? null, addresses.http)?.api ?? null,
      },
    }),
    webSocketUrl: url.value,
    webhookUrl: webhooks?.value ?? null,
    tokenSecret: tokenSecret || null,
    webhookSecret: webhooks === null ? null : webhookSecret,
    step: {
      headers,
      ...(subprotocolNames.length > 0 && { subprotocols: subprotocolNames }),
      ...(message !== null && { message: message.value, answer: parseAnswer(answer ?? 'next') }),
      ...mix.step,
      ...own.step,
    },
    shown: { webSocketUrl: url.shown, webhookUrl: webhooks?.shown ?? null },
    secrets: [
      ...url.secrets,
      ...(webhooks?.secrets ?? []),
      ...Object.values(headers).flatMap(secretsOfHeader),
      ...parts.flatMap(([, secrets]) => secrets),
      ...mix.secrets,
      ...own.secrets,
      ...[tokenSecret, webhookSecret].filter(Boolean),
    ],
    secretOptions: [
      ...(url.shown === url.whole ? [] : ['--url']),
      ...(webhooks === null || webhooks.shown === webhooks.whole ? [] : ['--webhook-url']),
      // Anything in a header may be.
      ...(header.length > 0 ? ['--header'] : []),
      ...parts.flatMap(([option, secrets]) => (secrets.length > 0 ? [option] : [])),
      ...mix.secretOptions,
      ...own.secretOptions,
    ],
  };
}

interface GivenUrl {
  value: string;
  shown: string;
  /** What is shown of a URL without anything secret in it. */
  whole: string;
  secrets: string[];
}

/** Relative to a stack, where it is given so. */
function located(
  locate: (addresses: StackAddresses, url: string) => string,
  given: GivenValue,
  addresses: StackAddresses | null,
): GivenValue {
  return addresses === null ? given : { ...given, value: locate(addresses, given.value) };
}

/** Of a URL that was given by reference, nothing but the host is shown: its path may be a secret as well. */
function urlOf(option: string, given: GivenValue, protocols: readonly string[]): GivenUrl {
  const { value, reference } = given;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null && protocols.some((protocol) => value.toLowerCase().startsWith(`${protocol}//`)))
    throw new UsageError(
      `${option} ${reference ?? shownUrl(value)}: not a URL: look at its host, its port and blanks.`,
    );
  if (url === null || !protocols.includes(url.protocol))
    throw new UsageError(
      `${option} ${reference ?? shownUrl(value)}: expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}.`,
    );
  const path = url.pathname.length > 1 ? [url.pathname.slice(1)] : [];
  return {
    value,
    whole: `${url.protocol}//${url.host}${url.pathname}`,
    shown: reference === null ? shownUrl(value) : `${url.protocol}//${url.host}`,
    secrets: [...secretsOfUrl(value), ...(reference === null ? [] : [value, ...path])],
  };
}
