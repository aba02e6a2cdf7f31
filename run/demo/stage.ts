/** Sets the stage of the rollout, where a stack keeps it: a row of its table, or one of PostgreSQL, which a function sets. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { dynamoDbClient, lambdaClient } from '../../metrics/aws-connection.ts';
import type { TargetDescription } from '../../record/target.ts';

export const stageSchema = z.strictObject({ share: z.number().min(0).max(1), off: z.boolean() });
export type Stage = z.infer<typeof stageSchema>;

interface StageSetter {
  /** Rejects when it could not be set. */
  set(stage: Stage): Promise<void>;
  destroy(): void;
}

export function stageSetter(target: TargetDescription): StageSetter {
  const { tableName, rolloutFunctionName } = target.resources;
  return rolloutFunctionName === undefined ? byTable(target, tableName) : byFunction(target, rolloutFunctionName);
}

function byTable(target: TargetDescription, tableName: string): StageSetter {
  const client = dynamoDbClient(target);
  return {
    async set({ share, off }) {
      const key = { S: 'STAGE' };
      const item = { pk: key, sk: key, share: { N: String(share) }, off: { BOOL: off } };
      await client.send(new PutItemCommand({ TableName: tableName, Item: item }));
    },
    destroy: () => client.destroy(),
  };
}

function byFunction(target: TargetDescription, functionName: string): StageSetter {
  const client = lambdaClient(target);
  return {
    async set(stage) {
      const { FunctionError, Payload } = await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(stage) }),
      );
      if (FunctionError === undefined) return;
      const text = Buffer.from(Payload ?? []).toString();
      throw new Error(`${functionName} failed: ${text.slice(0, 200)}`);
    },
    destroy: () => client.destroy(),
  };
}
