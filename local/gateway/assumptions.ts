/**
 * Behaviour of API Gateway that AWS does not document, or on which sources conflict: each is a setting with the likeliest value as its default.
 * None follows `quotaScale`. Collected November 2026; "confidence low" is an inference, "memory" has no written source.
 */
import { z } from 'zod';

const status = (value: number) => z.number().int().min(400).max(599).default(value);
/** A close code that may be sent (RFC 6455, 7.4), or 1006 if nothing is sent. */
const closeCause = (code: number, reason: string) =>
  z
    .strictObject({
      code: z
        .number()
        .int()
        .refine(
          (value) => (value >= 1_000 && value <= 1_014 && value !== 1_004) || (value >= 3_000 && value <= 4_999),
          {
            message: 'must be a close code: 1000 to 1014 without 1004, or 3000 to 4999',
          },
        )
        .default(code),
      reason: z.string().max(123).default(reason),
    })
    .prefault({});

export const assumptionsSchema = z.strictObject({
  /** Handshake for a path without a stage. Memory. */
  unknownStageStatus: status(403),
  /** Handshake whose URL is over `webSocketUrlCharacters`. The limit is documented, the response is not. */
  urlTooLongStatus: status(414),
  /** Handshake whose $connect function takes longer than the integration timeout. As REST APIs; confidence low. */
  connectTimeoutStatus: status(504),
  /** Handshake whose authorizer failed, was throttled, or returned no policy. As REST APIs; confidence low. */
  authorizerFailedStatus: status(500),
  /**
   * Whether an authorizer's results are kept for its AuthorizerResultTtlInSeconds, by the values of its identity sources. AWS documents the
   * property as supported for HTTP APIs only (ApiGatewayV2 API reference, read November 2026), so here every handshake calls the authorizer.
   */
  cacheAuthorizerResults: z.boolean().default(false),
  /** Whether other headers that $connect's function returned are sent with the 101. Not documented. */
  connectHeadersOnUpgrade: z.boolean().default(false),
  /** A message whose route is throttled: `message` of its frame. By analogy with other frames; memory. */
  throttledFrame: z.string().min(1).default('Too Many Requests'),
  /**
   * A message whose function is throttled: `message` of its frame. By analogy; confidence low. Null: no frame at all on a one-way route, as some
   * have observed; a two-way route then answers as by default.
   */
  throttledFunctionFrame: z.string().min(1).nullable().default('Internal server error'),
  /**
   * A post to a connection whose body is not UTF-8, which a text frame cannot hold: `replace` each wrong byte by U+FFFD, or `refuse` it (400).
   * Not documented.
   */
  nonUtf8Posts: z.enum(['replace', 'refuse']).default('replace'),
  /** What a client gets from a two-way route whose function returned a non-2xx status: sources conflict. */
  twoWayErrorAnswer: z.enum(['body', 'internalServerError']).default('body'),
  /**
   * What a client gets from a two-way route whose function returned more than `webSocketMessageBytes`. The limit is
   * documented, the handling of such a response is not.
   */
  oversizedAnswer: z.enum(['send', 'internalServerError']).default('internalServerError'),
  /**
   * A message whose route key begins with `$`, such as `$connect`: `default` sends it to `$default` as any unknown key, `forbidden`
   * answers the Forbidden frame. Such keys never reach the route of that name. Not documented.
   */
  dollarRouteKeys: z.enum(['default', 'forbidden']).default('default'),
  /** How a connection ends at its lifetime, on the wire and in $disconnect. Confidence low. */
  lifetimeClose: closeCause(1_001, 'Going away'),
  /** Code and reason that $disconnect gets when the TCP connection was dropped. Memory. */
  dropClose: closeCause(1_006, 'Connection Closed Abnormally'),
  /** Whether protocol pings of clients are answered. Claims conflict. */
  answerPings: z.boolean().default(true),
  /** Whether protocol pings of clients reset the idle time. Claims conflict. */
  pingsResetIdle: z.boolean().default(false),
  /** Whether permessage-deflate is accepted when a client offers it. Not documented. The gateway's own messages stay uncompressed. */
  permessageDeflate: z.boolean().default(false),
  /** Time limit for the request line and headers of a request; beyond it: 408. Not documented. */
  requestHeadersTimeoutMs: z.number().int().min(100).default(30_000),
  /** Time limit for receiving a whole request; beyond it: 408. Not documented. */
  requestTimeoutMs: z.number().int().min(100).default(60_000),
});
export type Assumptions = z.infer<typeof assumptionsSchema>;
