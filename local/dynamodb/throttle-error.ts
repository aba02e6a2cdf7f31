/** DynamoDB's throttling errors. */

import type { Direction } from './capacity-limits.ts';
import type { Json } from './dynalite-store.ts';
import type { Refusal, ThroughputMode } from './resource-capacity.ts';

export interface Throttle {
  direction: Direction;
  refusal: Refusal;
  mode: ThroughputMode['kind'];
  resource: 'Table' | 'Index';
  /** Of the table or index. */
  arn: string;
}

/**
 * The error's body. On-demand it is a ThrottlingException, whose reasons are in lower case (as in the service model);
 * provisioned a ProvisionedThroughputExceededException. That a partition's refusal has the type of its mode is observed, not documented.
 */
export function throttleError(throttles: readonly Throttle[]): Json {
  const reasons = throttles.map(({ direction, refusal, resource, arn }) => ({
    reason: `${resource}${direction === 'read' ? 'Read' : 'Write'}${refusal.limit}`,
    resource: arn,
  }));
  if (throttles.some(({ mode }) => mode === 'provisioned')) {
    return {
      __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
      message: 'The requests are above the provisioned throughput of the table or index. See ThrottlingReasons.',
      ThrottlingReasons: reasons,
    };
  }
  return {
    __type: 'com.amazon.coral.availability#ThrottlingException',
    message: 'The requests are above the present capacity of the table or index. See throttlingReasons.',
    throttlingReasons: reasons,
  };
}
