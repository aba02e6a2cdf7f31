/** `GET` and `POST` of the webhook URL in the ingest variant `lambda`. */
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { makeSecretsCall, makeSqsCall } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { writeMetrics } from '../adapters/embedded-metrics.ts';
import { optionalCount, requiredCount, requiredVariable } from '../adapters/environment.ts';
import { secretsManagerSecret } from '../adapters/secrets-manager-secret.ts';
import { bodyOf, headerOf, methodOf, type WebhookEvent } from '../adapters/webhook-event.ts';
import { answerChallenge } from '../domain/challenge.ts';
import { answerOfIngest } from '../domain/ingest-answer.ts';
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

export async function handler(event: WebhookEvent, context: Context): Promise<APIGatewayProxyStructuredResultV2> {
  time.begin(context);
  if (methodOf(event) === 'GET') return answerChallenge(event.queryStringParameters?.challenge);
  const outcome = await ingestWebhook(
    {
      rawBody: bodyOf(event),
      signature: headerOf(event, 'x-nylas-signature'),
      encoding: headerOf(event, 'content-encoding'),
      ageMs: 0,
    },
    dependencies,
  );
  const { counts, log, ...answer } = answerOfIngest(outcome);
  if (counts !== null) writeMetrics(stackName, counts, Date.now());
  if (log !== null) console.error(log.sentence, ...('cause' in log ? [log.cause] : []));
  return answer;
}
