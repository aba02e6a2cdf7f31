/** What takes the place of a limit, in words: each completes "Instead, …". */
import type { Design } from '../../../aws/quotas/remedies.ts';

export const designWords: Readonly<Record<Design, string>> = {
  coalesce: 'collect what is pushed within a moment and push it as one',
  shard: 'shard the load over several accounts or Regions (queues, tables)',
  spread: 'spread the load over a longer time',
  reference: 'send a reference, and the content by S3',
  archive: 'archive events outside of the queue, and replay them',
  answerFirst: 'answer first, and do the work behind a queue',
  splitFanOut: 'have several invocations push to a large channel',
  splitKey: 'split the rows of a key over several keys',
  splitRow: 'split the row',
  smallerToken: 'give clients a short ticket that the authorizer looks up, in place of claims in the token',
  smallerBatches: 'work in smaller batches',
  shorterDuration: 'make the functions faster',
  pooledConnections:
    'put a proxy in front of the database that lends its connections for a transaction each (RDS Proxy)',
  managedInstances: 'use Lambda Managed Instances, where an environment has several invocations at a time',
  appSyncEvents: 'use AppSync Events',
  iotCore: 'use IoT Core',
  ownServer: 'run a WebSocket server of your own',
};
