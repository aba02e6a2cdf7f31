/** `GET /config` and `GET /events`. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { makeDynamoDbCall, makeSecretsCall } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { dynamoDbRecentEvents, dynamoDbRolloutStages } from '../adapters/dynamodb-recent-events.ts';
import { requiredCount, requiredVariable } from '../adapters/environment.ts';
import { secretsManagerSecret } from '../adapters/secrets-manager-secret.ts';
import { answerFallback, type FallbackDependencies } from '../domain/answer-fallback.ts';
import { remembered } from '../domain/rollout-stage.ts';

/** Each environment reads the stage so often at most: a read for a hundred clients, and not for one. */
const stageForMs = 5_000;

const time = new InvocationTime();
// The versions of the secret, once more if the signature fails, and the events.
const inSequence = 3;
const at = { call: makeDynamoDbCall({ time, inSequence }), tableName: requiredVariable('TABLE_NAME') };
const recentSeconds = requiredCount('RECENT_EVENTS_SECONDS');

const dependencies: FallbackDependencies = {
  stages: remembered(dynamoDbRolloutStages(at), { forMs: stageForMs, nowMs: Date.now }),
  recent: dynamoDbRecentEvents({ ...at, ttlSeconds: recentSeconds }),
  recentSeconds,
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
    },
    dependencies,
  );
  return { statusCode: status, headers, body };
}
