/** The handlers' calls of a DynamoDB on this machine. */
import { AwsClient } from '../adapters/aws/aws-client.ts';
import { type DynamoDbCall, dynamoDbProtocol, jsonCall } from '../adapters/aws/operations.ts';

export const dynamoDbCallTo = (url: string): DynamoDbCall =>
  jsonCall(
    new AwsClient({
      service: 'dynamodb',
      endpoint: new URL(url),
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      bounds: { connectionTimeoutMs: 60_000, requestTimeoutMs: 60_000, maxAttempts: 3, callMs: 180_000 },
      maxSockets: 50,
      remainingMs: () => Number.POSITIVE_INFINITY,
      nowMs: Date.now,
      random: Math.random,
    }),
    dynamoDbProtocol,
  );
