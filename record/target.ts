/** A deployed stack as seen from outside. As `loadline local --json` prints it, and `--target` reads it. */
import { z } from 'zod';
import { stackGraphSchema } from '../graph/model.ts';
import { localModelSchema } from '../local/model.ts';
import { resourcesSchema } from '../stack/target.ts';

export { failuresPath, queueMessagesPath, type TargetFailures, targetFailuresSchema } from '../local/model.ts';

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
  /** Where clients read the stage and poll, without a slash at the end; absent without the setting `fallback`. */
  fallbackUrl: z.string().exactOptional(),
  tokenSecret: z.string(),
  webhookSecret: z.string(),
  endpoints: endpointsSchema.optional(),
  graph: stackGraphSchema,
  /** Of the reference stack: which of its resources has which part. */
  resources: resourcesSchema,
  /** A WebSocket URL with a token in it, ready for any client. Only for people: tokens of a run are signed for each user. */
  connectUrl: z.string().optional(),
  /** `local` only: how it differs from AWS. */
  model: localModelSchema.optional(),
  /** `local` only: the processes that serve the target. The first is the supervisor. */
  processIds: z.array(z.number().int()).optional(),
});
export type TargetDescription = z.infer<typeof targetSchema>;

/** What the collector needs to know of a target. Without `resources` it is somebody's own stack. */
export interface MeasuredTarget extends Pick<TargetDescription, 'kind' | 'region' | 'graph'> {
  /** Of a local target, or of one in its place: any credentials will do. */
  endpoints?: TargetDescription['endpoints'];
  /** Where SQS is asked with the caller's own credentials, if not at the host of a queue's URL. */
  sqsEndpoint?: string | undefined;
  resources?: TargetDescription['resources'] | null | undefined;
  /** Of a local target that this run has started. */
  model?: TargetDescription['model'];
  /** Something on this machine that stands in for AWS: what it counts is there at once. */
  isEmulated?: boolean;
}
