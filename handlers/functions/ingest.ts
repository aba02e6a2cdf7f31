/** `GET` and `POST` of the webhook URL in the ingest variant `lambda`. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { makeSecretsCall, makeSqsCall } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { writeMetrics } from '../adapters/embedded-metrics.ts';
import { optionalCount, requiredCount, requiredVariable } from '../adapters/environment.ts';
import { secretsManagerSecret } from '../adapters/secrets-manager-secret.ts';
import { answerChallenge, textAnswer } from '../domain/challenge.ts';
import { type IngestDependencies, ingestWebhook } from '../domain/ingest-webhook.ts';

const stackName = requiredVariable('STACK_NAME');
const queueUrl = requiredVariable('QUEUE_URL');
const time = new InvocationTime();
// The versions of the secret, once more if the signature fails, and the send.
const inSequence = 3;
const sqs = makeSqsCall({ time, inSequence });

const dependencies: IngestDependencies = {
  secret: secretsManagerSecret(makeSecretsCall({ time, inSequence }), requiredVariable('WEBHOOK_SECRET_ARN')),
  maxBytes: requiredCount('MAX_WEBHOOK_BYTES'),
  replayWindowSeconds: optionalCount('REPLAY_WINDOW_SECONDS'),
  nowMs: Date.now,
  send: async (body) => {
    await sqs('SendMessage', { QueueUrl: queueUrl, MessageBody: body });
  },
};

export async function handler(
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
  time.begin(context);
  if (event.requestContext.http.method === 'GET') return answerChallenge(event.queryStringParameters?.challenge);
  const outcome = await ingestWebhook(
    {
      rawBody: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
      // HTTP APIs lower-case header names.
      signature: event.headers['x-nylas-signature'],
      encoding: event.headers['content-encoding'],
      ageMs: 0,
    },
    dependencies,
  );
  if (outcome.status === 429) writeMetrics(stackName, { EventsDeferred: 1 }, Date.now());
  if (outcome.status === 401) writeMetrics(stackName, { SignaturesRejected: 1 }, Date.now());
  if (outcome.status === 400 || outcome.status === 413) {
    // Both come after the signature: an event of the provider, which nobody keeps.
    writeMetrics(stackName, { EventsRefused: 1 }, Date.now());
    console.error(`A webhook with a valid signature was refused with ${outcome.status}: ${outcome.reason}`);
  }
  if (outcome.status === 503) console.error(outcome.reason, outcome.cause);
  const answer = textAnswer(outcome.status, outcome.reason);
  if (outcome.status !== 429) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': outcome.retryAfterSeconds } };
}
