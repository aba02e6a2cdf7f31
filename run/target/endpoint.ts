/** A target that is not the reference stack: any WebSocket endpoint, and webhooks when there is somewhere to post them. */
import { hasBurst, type Workload } from '../../record/workload.ts';
import { variablesUsed } from '../../scenarios/catalogue/offered-load.ts';
import type { Scenario } from '../../scenarios/catalogue/scenario.ts';
import { UsageError } from '../errors.ts';

export interface EndpointOptions {
  url?: string;
  header?: string[];
  subprotocol?: string[];
  message?: string;
  answer?: string;
  webhookUrl?: string;
}

export interface EndpointDescription {
  kind: 'endpoint';
  webSocketUrl: string;
  /** Null: no webhooks are posted. */
  webhookUrl: string | null;
  /** Null: connections carry no token. */
  tokenSecret: string | null;
  webhookSecret: string | null;
  /** Fields of every fleet step, as the engine takes them. */
  step: Record<string, unknown>;
}

/** Secrets of an endpoint. They come from the environment, because other users of the machine can read command lines. */
export interface EndpointSecrets {
  tokenSecret: string | undefined;
  webhookSecret: string | undefined;
}

/**
 * The endpoint that the options name; null without --url.
 * @throws UsageError for an option that is wrong, or that needs another.
 */
export function readEndpoint(options: EndpointOptions, secrets: EndpointSecrets): EndpointDescription | null {
  const { url, header = [], subprotocol = [], message, answer, webhookUrl } = options;
  if (url === undefined) {
    const lone = [
      header.length > 0 && '--header',
      subprotocol.length > 0 && '--subprotocol',
      message !== undefined && '--message',
      answer !== undefined && '--answer',
      webhookUrl !== undefined && '--webhook-url',
    ].find((option) => option !== false);
    if (lone !== undefined) throw new UsageError(`${lone} is for an endpoint of your own: give --url as well.`);
    return null;
  }
  checkUrl('--url', url, ['ws:', 'wss:']);
  if (webhookUrl !== undefined) checkUrl('--webhook-url', webhookUrl, ['http:', 'https:']);
  if (webhookUrl !== undefined && !secrets.webhookSecret)
    throw new UsageError('--webhook-url needs the secret that signs webhooks: set LOADLINE_WEBHOOK_SECRET.');
  if (answer !== undefined && message === undefined)
    throw new UsageError('--answer says how to recognise the answer to a --message: give --message as well.');
  return {
    kind: 'endpoint',
    webSocketUrl: url,
    webhookUrl: webhookUrl ?? null,
    tokenSecret: secrets.tokenSecret || null,
    webhookSecret: webhookUrl === undefined ? null : (secrets.webhookSecret ?? null),
    step: {
      headers: Object.fromEntries(header.map(parseHeader)),
      ...(subprotocol.length > 0 && { subprotocols: subprotocol }),
      ...(message !== undefined && { message, answer: parseAnswer(answer ?? 'next') }),
    },
  };
}

/**
 * The load of a scenario on an endpoint: without a webhook URL there are no webhooks.
 * @throws UsageError when the scenario would have nothing to send, or speaks a protocol that the endpoint need not know.
 */
export function loadOnEndpoint(
  { name, scenario, workload }: { name: string; scenario: Scenario; workload: Workload },
  endpoint: EndpointDescription,
): Workload {
  const hasMessages = workload.messageRatePerSecond > 0;
  const keys = new Set(scenario.fleets.flatMap((fleet) => Object.keys(fleet)));
  const isOwn = 'message' in endpoint.step || keys.has('message') || keys.has('hooks');
  const stackOnly = ['channels', 'channelDistribution'].find((key) => keys.has(key));
  if (stackOnly !== undefined && (isOwn || endpoint.tokenSecret === null))
    throw new UsageError(
      `${name} subscribes and publishes in the protocol of the reference stack (docs/protocol.md): it needs an endpoint that speaks it, with LOADLINE_TOKEN_SECRET set and without --message.`,
    );
  if (hasMessages && !isOwn && endpoint.tokenSecret === null)
    throw new UsageError(
      `${name} sends messages, but the protocol of ${endpoint.webSocketUrl} is unknown: give --message and --answer, or message and answer in the scenario (LOADLINE_TOKEN_SECRET, when it is the reference stack).`,
    );
  const postsWebhooks = workload.webhookRatePerSecond > 0 || hasBurst(workload);
  if (endpoint.webhookUrl !== null || !postsWebhooks) return workload;
  const canLeaveOut = variablesUsed(scenario).has('webhookRatePerSecond') && !keys.has('webhookPhases');
  if (!canLeaveOut || !keys.has('messageRatePerSecond'))
    throw new UsageError(`${name} posts webhooks: give --webhook-url, and set LOADLINE_WEBHOOK_SECRET.`);
  return { ...workload, webhookRatePerSecond: 0, burstRatePerSecond: 0 };
}

function checkUrl(option: string, text: string, protocols: readonly string[]): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !protocols.includes(url.protocol))
    throw new UsageError(
      `${option} ${text}: expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}.`,
    );
}

function parseHeader(text: string): [string, string] {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*([^\r\n]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`--header ${text.split(':', 1)[0]}: expected "name: value".`);
  return [name, value];
}

function parseAnswer(text: string): unknown {
  if (text === 'next') return text;
  if (text.startsWith('$')) return { jsonPath: text };
  const [, regexp] = /^\/(.+)\/$/s.exec(text) ?? [];
  if (regexp === undefined) throw new UsageError(`--answer ${text}: expected next, a path such as $.id, or /regexp/.`);
  return { regexp };
}
