/** Records a probe's input in the stack's table, so that a case can read it on any target. */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

let client: DynamoDBClient | null = null;

/** Stores `seen` as JSON under a key chosen by the case. Rows with the same key are distinguished by `part`. */
export async function observe(key: string, part: string, seen: unknown): Promise<void> {
  client ??= new DynamoDBClient({});
  await client.send(
    new PutItemCommand({
      TableName: process.env.TABLE_NAME ?? '',
      Item: {
        pk: { S: key },
        sk: { S: part },
        seen: { S: JSON.stringify(seen) },
        // An hour: a case reads immediately, and a deployed stack must not fill up.
        expiresAt: { N: String(Math.floor(Date.now() / 1_000) + 3_600) },
      },
    }),
  );
}
