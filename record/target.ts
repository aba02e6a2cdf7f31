/** A deployed reference stack as seen from outside. As `loadline local --json` prints it, and `--target` reads it. */
import { z } from 'zod';
import { localModelSchema } from '../local/model.ts';
import { resourcesSchema } from '../stack/target.ts';

export { queueMessagesPath } from '../local/model.ts';

/** One endpoint URL for each AWS service. Absent for `aws`: the SDK finds its own. */
const endpointsSchema = z.strictObject({
  cloudwatch: z.string(),
  dynamodb: z.string(),
  sqs: z.string(),
  secretsManager: z.string(),
  lambda: z.string().optional(),
  serviceQuotas: z.string().optional(),
  apiGatewayManagementApi: z.string(),
});

export const targetSchema = z.strictObject({
  kind: z.enum(['local', 'aws']),
  region: z.string(),
  accountId: z.string(),
  /** `ws://…/stage` or `wss://…/stage`, without a token. */
  webSocketUrl: z.string(),
  webhookUrl: z.string(),
  tokenSecret: z.string(),
  webhookSecret: z.string(),
  endpoints: endpointsSchema.optional(),
  resources: resourcesSchema,
  /** A WebSocket URL with a token in it, ready for any client. Only for people: tokens of a run are signed for each user. */
  connectUrl: z.string().optional(),
  /** `local` only: how it differs from AWS. */
  model: localModelSchema.optional(),
  /** `local` only: the processes that serve the target. The first is the supervisor. */
  processIds: z.array(z.number().int()).optional(),
});
export type TargetDescription = z.infer<typeof targetSchema>;
