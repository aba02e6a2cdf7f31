/** Parts of a usage plan: the day, arrivals, silence, channels, broadcasts, and who is far above the mean. */
import { z } from 'zod';
import { assumedHeaderBytes, assumedOutageSeconds, assumedTokenBytes, clientSeconds } from './assumed-usage.ts';
import { connectionIdleSeconds } from './connection-turnover.ts';

/** 0 to 1. */
export const share = z.number().min(0).max(1);

const hours = 24;
const hour = z.int().min(0).max(hours);

/** Hours of the day with nearly all of its load. */
const peakHoursSchema = z
  .strictObject({
    from: hour.describe('First hour of the peak, 0 to 24.'),
    to: hour.describe('Hour at which it ends; before `from`: on the next day.'),
    restShare: share.default(0.1).describe('Load of the other hours, as a share of the peak.'),
  })
  .describe('The hours of the day’s peak, instead of `hourlyLoad`.');

const hourlyLoadSchema = z
  .array(z.number().nonnegative().max(1e12))
  .length(hours)
  .refine((load) => load.some((each) => each > 0), 'expected at least one hour with a load above 0')
  .describe('Load of each hour of the day, 24 numbers in any unit: only their proportions count.');

const rate = z.number().nonnegative().max(1e9);
const bytes = z.int().min(0).max(1e9);

/** Subscribers of a channel: all alike, or few large and many small ones. */
const sizeSchema = z
  .union(
    [
      z.number().positive().max(1e10),
      z.strictObject({
        largest: z.number().min(1).max(1e10).describe('Subscribers of the largest channel.'),
        exponent: z
          .number()
          .min(0)
          .max(10)
          .default(1)
          .describe('Exponent of Zipf’s law: the n-th channel has largest / n^exponent subscribers, at least 1.'),
      }),
    ],
    'expected the subscribers of a channel: a number above 0, or { largest: 5000, exponent: 1 }',
  )
  .describe('Subscribers (open connections) of a channel: a number, or `largest` and `exponent` of Zipf’s law.');

const channelsSchema = z
  .strictObject({
    name: z.string().min(1).optional().describe('What these channels are, for the report.'),
    count: z
      .number()
      .positive()
      .max(1e8)
      .default(1)
      .describe('Channels of this kind at the peak. They grow in number with the users.'),
    size: sizeSchema,
    publishesPerMinute: rate.optional().describe('Publishes a minute to each channel.'),
    publishesPerSubscriberPerMinute: rate
      .optional()
      .describe('Publishes a minute of each of its subscribers, in place of `publishesPerMinute`.'),
    publishBytes: bytes.default(256).describe('Mean bytes of a publish.'),
    collectSeconds: z
      .number()
      .nonnegative()
      .max(86_400)
      .default(0)
      .describe(
        'Publishes of this long are collected and pushed as one; 0: each is pushed by itself, as the reference stack does.',
      ),
  })
  .superRefine(({ publishesPerMinute, publishesPerSubscriberPerMinute }, context) => {
    if ((publishesPerMinute === undefined) === (publishesPerSubscriberPerMinute === undefined))
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'expected one of publishesPerMinute and publishesPerSubscriberPerMinute',
      });
  });
export type Channels = z.infer<typeof channelsSchema>;

const broadcastSchema = z
  .strictObject({
    deadlineSeconds: z
      .number()
      .positive()
      .max(86_400)
      .describe('Seconds within which the last open connection is to have it.'),
    perDay: rate.default(1).describe('Broadcasts a day.'),
    bytes: bytes.default(256).describe('Bytes of one.'),
  })
  .describe('A message to every open connection within a deadline.');

const largestSchema = z
  .strictObject({
    userConnections: rate.optional().describe('Open connections of the user who has the most.'),
    userWebhooksPerDay: rate.optional().describe('Webhooks a day of the user who has the most.'),
    channelSubscribers: rate
      .optional()
      .describe('Subscribers of the largest channel, where `channels` does not have it.'),
    channelPublishesPerMinute: rate.default(1).describe('Publishes a minute to the largest channel (or tenant).'),
    tenantShare: share
      .optional()
      .describe('Share of all users in the largest tenant, whose connections are all subscribed to one channel.'),
  })
  .describe('Those far above the mean: limits of a single key bind there.');

export const dayFields = {
  meanToPeak: share
    .positive()
    .optional()
    .describe(
      'Mean over the day of connections and messages, as a share of their daily peak. Default: 0.5, or that of `hourlyLoad` or `peakHours`.',
    ),
  hourlyLoad: hourlyLoadSchema.optional(),
  peakHours: peakHoursSchema.optional(),
};

export const arrivalFields = {
  loginWindowSeconds: z
    .number()
    .positive()
    .max(86_400)
    .optional()
    .describe('Users come within this time: a show, a shift, a lesson. Without it arrivals are spread over the day.'),
  loginShare: share
    .positive()
    .optional()
    .describe(
      'Share of the day’s users (`users`) who come within `loginWindowSeconds`. Default: `peakConcurrency`, all who are online at the peak.',
    ),
  recoveryObjectiveSeconds: z
    .number()
    .positive()
    .max(86_400)
    .optional()
    .describe('After a deploy or outage that closes every connection, all are to be back within this time.'),
};

export const handshakeFields = {
  tokenBytes: bytes
    .optional()
    .describe(`Bytes of a client’s token, which the stack’s clients send in the URL. Default: ${assumedTokenBytes}.`),
  headerBytes: bytes
    .optional()
    .describe(
      `Bytes of a handshake’s headers: what a browser adds, and the cookies of the domain. Default: ${assumedHeaderBytes}.`,
    ),
};

export const serviceFields = {
  consumerOutageSeconds: z
    .number()
    .nonnegative()
    .max(1e8)
    .optional()
    .describe(
      `The longest time for which whatever takes webhooks from the queue may fail before somebody mends it. Default: ${assumedOutageSeconds}, a day.`,
    ),
  managedInstances: z
    .boolean()
    .optional()
    .describe(
      'The functions run on Lambda Managed Instances, where an environment has several invocations at a time: quotas that count one each are then unknown.',
    ),
};

export const silenceFields = {
  messageGaps: z
    .enum(['exponential', 'regular'])
    .optional()
    .describe('Gaps between a client’s messages: `exponential` (people; the default) or `regular` (a timer).'),
  heartbeatSeconds: z
    .number()
    .positive()
    .lt(connectionIdleSeconds)
    .optional()
    .describe(
      'A client that has been silent for this long sends a small message. Without it a silent connection is closed after 600 s.',
    ),
  afterSilence: z
    .enum(['withNextMessage', 'atOnce'])
    .optional()
    .describe(
      'When a client whose connection was closed for silence connects again. One that never sends does so at once. Default: `withNextMessage`.',
    ),
};

export const fanOutFields = {
  channels: z
    .array(channelsSchema)
    .min(1)
    .max(100)
    .optional()
    .describe('Channels to which clients subscribe and publish, by kind.'),
  broadcast: broadcastSchema.optional(),
  largest: largestSchema.optional(),
};

const intervalSeconds = z.number().positive().max(86_400);

export const clientFields = {
  syncClient: z
    .strictObject({
      stageSeconds: intervalSeconds
        .default(clientSeconds.stage)
        .describe('Seconds between two reads of the stage by one client.'),
      pollSeconds: intervalSeconds
        .default(clientSeconds.poll)
        .describe('Seconds between two polls, on average, of a client without a connection.'),
      blockedShare: z
        .number()
        .min(0)
        .lt(1)
        .default(0)
        .describe('Share of the users whose network lets no WebSocket through: in the stage they poll as well.'),
    })
    .optional()
    .describe(
      'Pages have the client of docs/client.md: it reads the stage over HTTP, and whoever is not in the stage polls. Default: as the client comes, if the stack serves it (setting `fallback`).',
    ),
};
