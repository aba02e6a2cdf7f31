/** The fields of a `fleet` step that are not a number of its load (load-fields.ts): lists, choices and texts. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { z } from 'zod';
import { channelsOf } from '../core/fan-out/channel-sizes.ts';
import { parseJsonPath } from '../core/messages/json-path.ts';
import { meantIssues } from './meant-issues.ts';
import { pushSchema, tokenSchema, webhookSchema } from './webhook-fields.ts';

/** A template renders a number as text. */
const number = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
  z.number(),
);
const rate = number.pipe(z.number().nonnegative());
const positive = number.pipe(z.number().positive());
const count = number.pipe(z.number().int().positive());

/** Phases of a rate (core/schedule/pacer.ts): constant, linear, exponential, staircase, burst. */
const ratePhases = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('constant'), ratePerSecond: rate, lastsSeconds: positive }),
      z.strictObject({ kind: z.literal('linear'), fromPerSecond: rate, toPerSecond: rate, lastsSeconds: positive }),
      z.strictObject({
        kind: z.literal('exponential'),
        fromPerSecond: positive,
        toPerSecond: positive,
        lastsSeconds: positive,
      }),
      z.strictObject({
        kind: z.literal('staircase'),
        fromPerSecond: rate,
        toPerSecond: rate,
        steps: count,
        lastsSeconds: positive,
      }),
      z.strictObject({ kind: z.literal('burst'), arrivals: count, lastsSeconds: positive }),
    ]),
  )
  .min(1);

const jsonPath = z.string().refine((path) => parseJsonPath(path) !== null, 'expected a path such as $.data.id');
const regexp = z.string().refine(isRegExp, 'expected a regular expression');

function isRegExp(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

const weights = z
  .array(rate)
  .default([])
  .refine((all) => all.length === 0 || all.some((weight) => weight > 0), 'expected a weight above 0');

type FieldTable = Record<string, { schema: z.ZodType; help: string }>;

/** Lists and choices of the load, each with its help for scenario authors. */
const loadFields = {
  connectPhases: {
    schema: ratePhases.nullable().default(null),
    help: 'Rates of new connections, one phase after the other, instead of connectRatePerSecond. The last rate continues until all have connected.',
  },
  messagePhases: {
    schema: ratePhases.nullable().default(null),
    help: 'Rates of messages, instead of messageRatePerSecond.',
  },
  webhookPhases: {
    schema: ratePhases.nullable().default(null),
    help: 'Rates of webhooks, instead of webhookRatePerSecond and the burst.',
  },
  publishPhases: {
    schema: ratePhases.nullable().default(null),
    help: 'Rates of publishes, instead of publishRatePerSecond.',
  },
  arrivals: {
    schema: z.enum(['even', 'poisson']).default('even'),
    help: 'Spacing of arrivals of all kinds: even, or random gaps (a Poisson process, repeatable by seed).',
  },
  webhookSizes: {
    schema: z.array(z.strictObject({ bytes: count, weight: positive })).default([]),
    help: 'Sizes of webhooks, each with its weight, instead of webhookBytes.',
  },
  channels: {
    schema: z.array(z.strictObject({ count, subscribers: count })).default([]),
    help: 'Channels by size: `count` of them with `subscribers` connections each.',
  },
  channelDistribution: {
    schema: z.strictObject({ channels: count, largest: count, exponent: rate }).nullable().default(null),
    help: "Further channels, whose sizes follow Zipf's law: largest / rank^exponent.",
  },
  reconnectJitter: {
    schema: z.enum(['none', 'full', 'equal']).default('full'),
    help: 'Jitter of the reconnect back-off: full: 0 to w; equal: w/2 to w; none: w, with w = base × 2ⁿ up to the cap.',
  },
  dropAllAtSeconds: {
    schema: number.pipe(z.number().nonnegative()).nullable().default(null),
    help: 'Seconds into the steady state at which every connection is dropped simultaneously.',
  },
} satisfies FieldTable;

/** The target, and how the load is carried. */
const targetFields = {
  headers: {
    schema: z
      .record(
        z
          .string()
          .regex(
            /^(?!(?:connection|upgrade|sec-websocket-.*)$)[\w!#$%&'*+.^`|~-]+$/i,
            'is not a header that can be set: the engine sets the upgrade headers itself (for a subprotocol use subprotocols)',
          ),
        z.string().regex(/^[^\r\n]*$/),
      )
      .default({}),
    help: 'Headers of every upgrade request; ${user}, ${tab}, ${token}, ${sequence} and ${feed.<column>} are filled in, as in the URL and the subprotocols.',
  },
  subprotocols: {
    schema: z.array(z.string().regex(/^(?:[\w!#$%&'*+.^`|~-]|\$\{[\w.]+\})+$/)).default([]),
    help: 'WebSocket subprotocols to offer. If the server selects none of them, the connection fails, as in a browser.',
  },
  message: {
    schema: z.string().min(1).nullable().default(null),
    help: 'Message template for a custom target; its placeholders are ${id}, ${user}, ${tab}, ${sequence} and ${feed.<column>}.',
  },
  alsoMessages: {
    schema: z.array(z.string().min(1)).default([]),
    help: 'Further message templates, which are sent beside the message, at random by messageMix.',
  },
  messageMix: {
    schema: weights,
    help: 'How often each message is sent: a weight of the message and of each further one, in their order; default: all alike.',
  },
  answer: {
    schema: z
      .union([
        z.literal('next').transform(() => ({ kind: 'next' as const })),
        z.strictObject({ jsonPath }).transform(({ jsonPath: path }) => ({ kind: 'jsonPath' as const, path })),
        z.strictObject({ regexp }).transform(({ regexp: source }) => ({ kind: 'regexp' as const, source })),
      ])
      .default({ kind: 'next' }),
    help: 'How the answer to such a message is matched: next (the next text answers the oldest message), { jsonPath: $.id } or { regexp: … }.',
  },
  feed: {
    schema: z.string().min(1).nullable().default(null),
    help: 'CSV file whose first line names the columns of ${feed.<column>}. Users take its rows in turn.',
  },
  webhook: {
    schema: webhookSchema.nullable().default(null),
    help: 'Webhooks of your own: body (placeholders ${id}, ${user}, ${tab}, ${sequence}, ${attempt}, ${timestamp}, ${time}, ${pad}, ${feed.<column>}), headers, sign (a preset or a scheme) and owner (user, tab or everyone). See docs/own-stack.md.',
  },
  alsoWebhookUrls: {
    schema: z.array(z.string().min(1)).default([]),
    help: 'Further URLs of the same host that webhooks are posted to, at random by webhookMix.',
  },
  webhookMix: {
    schema: weights,
    help: 'How often each URL is posted to: a weight of the webhookUrl and of each further one, in their order; default: all alike.',
  },
  push: {
    schema: pushSchema.nullable().default(null),
    help: 'Where the id of an event stands in the text that delivers it: anywhere, { jsonPath: $.delivery } or { regexp: … } with a group. With webhook: anywhere.',
  },
  token: {
    schema: tokenSchema.nullable().default(null),
    help: 'Tokens that tokenSecret does not sign: { value: … }, or { command: … } that prints one, with usersPerToken, concurrency and timeoutSeconds. ${token} in the URL, a header or a subprotocol says where it goes; otherwise it is sent as ?token=.',
  },
  hooks: {
    schema: z.string().min(1).nullable().default(null),
    help: 'Module (JavaScript or TypeScript) that exports buildMessage and readFrame.',
  },
  fleetsIn: {
    schema: z.enum(['auto', 'threads', 'processes']).default('auto'),
    help: 'Whether fleets are threads or processes; auto: processes above 19,000 connections.',
  },
} satisfies FieldTable;

/** Fields that are a text or a list of texts, each with its help. */
export const textFields = {
  fleets: 'Threads or processes that share the load; auto: all cores but one.',
  webSocketUrl: 'WebSocket URL, instead of config.target.',
  webhookUrl: 'URL that webhooks are posted to. Required if there are any.',
  fallbackUrl:
    'URL below which tabs read the stage (/config) and events (/events) over HTTP, without a slash at the end. Required if any do (pollingShare, stageSeconds, rollbackSeconds).',
  tokenSecret:
    'Secret that signs connection tokens: JWTs (HS256) with sub, aud, iat, exp and the fleet’s own channels, sent as ?token=.',
  webhookSecret: 'Secret that signs webhooks. Required if there are any.',
  localAddresses:
    'Source addresses, used in turn; each carries up to 19,000 connections to one target. For a target on the loopback, 127.0.0.2 and so on are used automatically.',
} as const;

export const fleetFields = z.strictObject({ ...described(loadFields), ...described(targetFields) });
export type FleetFields = z.output<typeof fleetFields>;
/** The fields of the load that are not numbers. */
export type LoadLists = Omit<FleetFields, keyof typeof targetFields | 'channelDistribution'>;

/** The load fields among these; channels given by a distribution are included in the channels. */
export function loadListsOf(fields: FleetFields): LoadLists {
  const { headers, subprotocols, message, answer, feed, hooks, fleetsIn, channelDistribution, ...rest } = fields;
  const { webhook, push, token, alsoMessages, messageMix, alsoWebhookUrls, webhookMix, ...lists } = rest;
  return { ...lists, channels: [...lists.channels, ...(channelDistribution ? channelsOf(channelDistribution) : [])] };
}

/** The first problem as `fleet.<path>: <what>`. */
export function fieldProblem(error: z.ZodError): string {
  const [issue] = meantIssues(error.issues);
  if (!issue) return 'fleet: invalid.';
  const path = ['fleet', ...issue.path.map(String)].join('.');
  return `${path}: ${issue.message.replace(/^Invalid input: /, '').replace(/\.?$/, '.')}`;
}

/** Schemas by name; each has its help as its description. */
function described<Table extends FieldTable>(table: Table): { [Name in keyof Table]: Table[Name]['schema'] } {
  const entries = Object.entries(table).map(([name, { schema, help }]) => [name, schema.describe(help)]);
  return Object.fromEntries(entries) as { [Name in keyof Table]: Table[Name]['schema'] };
}
