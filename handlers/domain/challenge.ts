/** The provider's check that a webhook URL is ours. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** Answers the challenge with exactly its value, or 400 if there is none. */
export function answerChallenge(challenge: string | undefined): APIGatewayProxyStructuredResultV2 {
  return challenge ? textAnswer(200, challenge) : textAnswer(400, 'The parameter challenge is missing.');
}

/** Plain text: HTTP APIs label a response JSON if it has no type. */
export function textAnswer(statusCode: number, body: string): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'text/plain' }, body };
}
