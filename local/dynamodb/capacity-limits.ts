/** Which of the target's limits are DynamoDB's throughput. */
import type { Limits } from '../quota/limits.ts';

export type Direction = 'read' | 'write';

export type CapacityLimits = Pick<
  Limits,
  | 'dynamodbOnDemandWrite'
  | 'dynamodbOnDemandRead'
  | 'dynamodbTableWrite'
  | 'dynamodbTableRead'
  | 'dynamodbPartitionWrite'
  | 'dynamodbPartitionRead'
  | 'dynamodbPartitions'
  | 'dynamodbGrowthWindowMs'
  | 'dynamodbProvisionedBurstSeconds'
>;
