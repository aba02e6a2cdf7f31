/** `GET` of the webhook URL in the ingest variant `direct`, where no function serves `POST`. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerChallenge } from '../domain/challenge.ts';

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  return answerChallenge(event.queryStringParameters?.challenge);
}
