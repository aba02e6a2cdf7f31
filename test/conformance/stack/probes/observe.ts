/** Where a probe leaves what it was given, so that a case can read it on any target: the stack's table. */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

let client: DynamoDBClient | null = null;

/** Stores `seen` as JSON under a key that the case chose. Rows of one key are told apart by `part`. */
export async function observe(key: string, part: string, seen: unknown): Promise<void> {
  client ??= new DynamoDBClient({});
  await client.send(
    new PutItemCommand({
      TableName: process.env.TABLE_NAME ?? '',
      Item: {
        pk: { S: key },
        sk: { S: part },
        seen: { S: JSON.stringify(seen) },
        // An hour: a case reads at once, and a deployed stack must not fill up.
        expiresAt: { N: String(Math.floor(Date.now() / 1_000) + 3_600) },
      },
    }),
  );
}
