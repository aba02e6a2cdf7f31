/** `GET` of the webhook URL in the ingest variant `direct`, where no function serves `POST`. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { WebhookEvent } from '../adapters/webhook-event.ts';
import { answerChallenge } from '../domain/challenge.ts';

export async function handler(event: WebhookEvent): Promise<APIGatewayProxyStructuredResultV2> {
  return answerChallenge(event.queryStringParameters?.challenge);
}
