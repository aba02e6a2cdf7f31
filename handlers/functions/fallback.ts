/** `GET /config` and `GET /events`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { makeSecretsCall } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { optionalCount, requiredCount, requiredVariable } from '../adapters/environment.ts';
import { secretsManagerSecret } from '../adapters/secrets-manager-secret.ts';
import { makeStores } from '../adapters/stores.ts';
import { answerFallback, type FallbackDependencies } from '../domain/answer-fallback.ts';
import { remembered } from '../domain/rollout-stage.ts';

/** Each environment reads the stage so often at most: a read for a hundred clients, and not for one. */
const stageForMs = 5_000;

/** A read that is held looks again so often: nothing tells an invocation what another has kept. */
const lookEachMs = 1_000;
/** Of an invocation's time, kept for the last look and the answer. */
const lastLookMs = 1_500;

const time = new InvocationTime();
// The versions of the secret, once more if the signature fails, and the events.
const inSequence = 3;
const stores = await makeStores({ time, inSequence });
const recentSeconds = requiredCount('RECENT_EVENTS_SECONDS');
const holdSeconds = optionalCount('HOLD_SECONDS');

const dependencies: FallbackDependencies = {
  stages: remembered(stores.stages, { forMs: stageForMs, nowMs: Date.now }),
  recent: stores.recent(recentSeconds),
  recentSeconds,
  hold:
    holdSeconds === null
      ? null
      : {
          seconds: holdSeconds,
          news: { watch: () => ({ within: (ms) => sleep(Math.min(ms, lookEachMs)), end: () => {} }) },
          leftMs: () => time.remainingMs - lastLookMs,
        },
  secret: secretsManagerSecret(makeSecretsCall({ time, inSequence }), requiredVariable('TOKEN_SECRET_ARN')),
  maxTokenLifetimeSeconds: requiredCount('MAX_TOKEN_LIFETIME_SECONDS'),
  nowMs: Date.now,
};

export async function handler(
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
  time.begin(context);
  const { status, headers, body } = await answerFallback(
    {
      path: event.rawPath,
      // HTTP APIs lower-case header names.
      authorization: event.headers.authorization,
      after: event.headers['x-after'],
      wait: event.headers['x-wait'],
      seen: event.headers['x-seen'],
    },
    dependencies,
  );
  return { statusCode: status, headers, body };
}
