/** A recommendation in words. */
import type { Facts } from '../../../capacity/recommendations/facts.ts';
import type { Recommendation } from '../../../capacity/recommendations/recommendation-terms.ts';
import { actionOf } from './actions.ts';
import { backOffCalculation, heartbeatCalculation } from './client-calculations.ts';
import {
  memoryCalculation,
  provisionedConcurrencyCalculation,
  reservationCalculation,
} from './function-calculations.ts';
import {
  batchSizeCalculation,
  directWebhooksCalculation,
  fifoThroughputCalculation,
  maxReceivesCalculation,
  pollersCalculation,
  provisionedPollersCalculation,
  retentionCalculation,
} from './queue-calculations.ts';
import { accountConcurrencyCalculation, raiseCalculation } from './quota-calculations.ts';
import { redesignCalculation, safeStageCalculation } from './rollout-calculations.ts';
import { tableModeCalculation, warmThroughputCalculation } from './table-calculations.ts';

export interface Advice extends Recommendation {
  /** What to do, in a sentence. */
  action: string;
  /** Formula with its numbers, and the source of any assumption. */
  calculation: string;
}

export const inWords = (recommendation: Recommendation): Advice => ({
  ...recommendation,
  action: actionOf(recommendation),
  calculation: calculationOf(recommendation.facts, recommendation),
});

function calculationOf(facts: Facts, { unit }: Recommendation): string {
  switch (facts.of) {
    case 'notKnown':
      return facts.reason;
    case 'raise':
      return raiseCalculation(facts, unit);
    case 'accountConcurrency':
      return accountConcurrencyCalculation(facts);
    case 'backOff':
      return backOffCalculation(facts);
    case 'heartbeat':
      return heartbeatCalculation(facts);
    case 'reservation':
      return reservationCalculation(facts);
    case 'memory':
      return memoryCalculation(facts);
    case 'provisionedConcurrency':
      return provisionedConcurrencyCalculation(facts);
    case 'directWebhooks':
      return directWebhooksCalculation(facts);
    case 'batchSize':
      return batchSizeCalculation(facts);
    case 'pollers':
      return pollersCalculation(facts);
    case 'provisionedPollers':
      return provisionedPollersCalculation(facts);
    case 'retention':
      return retentionCalculation(facts);
    case 'fifoThroughput':
      return fifoThroughputCalculation(facts);
    case 'maxReceives':
      return maxReceivesCalculation(facts);
    case 'warmThroughput':
      return warmThroughputCalculation(facts, unit);
    case 'tableMode':
      return tableModeCalculation(facts);
    case 'safeStage':
      return safeStageCalculation(facts);
    case 'redesign':
      return redesignCalculation(facts);
  }
}
