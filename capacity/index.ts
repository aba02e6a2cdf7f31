/** Capacity: pure. What a load asks of each quota, what is left, until when, and at what cost. */
export { assumedCoefficients, assumedMeanMs } from './assumed-coefficients.ts';
export { type Measured, measureCoefficients, type PhaseUse, type RunMeasurements } from './attribution.ts';
export { type Backlog, backlog, type QueueBurst, waitingMessages } from './backlog.ts';
export {
  attributeBottleneck,
  type Bottleneck,
  type FunctionUse,
  type Refusals,
  type TrialEvidence,
} from './bottleneck.ts';
export {
  type Bracket,
  type SearchResult,
  type SearchTrial,
  searchCapacity,
  type TrialAnswer,
} from './capacity-search.ts';
export { type Coefficient, type Coefficients, type Role, roles, type TableUnits, unitOfRole } from './coefficients.ts';
export {
  type Cost,
  type CostComponent,
  cost,
  type PricedWorkload,
} from './cost.ts';
export { type CostOverheads, defaultOverheads } from './cost-overheads.ts';
export {
  type CapacityExhaustion,
  exhaustion,
  fitGrowth,
  type Growth,
  type GrowthPoint,
  predictUsage,
} from './growth.ts';
export {
  type Binding,
  bindingQuota,
  demandsOf,
  type Headroom,
  headroom,
  type KnownHeadroom,
  type QuotaDemand,
} from './headroom.ts';
export { type PercentileInterval, percentileInterval, proportionInterval } from './intervals.ts';
export { rolesOf } from './lambda-quotas.ts';
export { fitNonlinear, type NonlinearFit, type NonlinearProblem } from './levenberg-marquardt.ts';
export { littleConcurrency, momentaryConcurrency } from './little.ts';
export { dailyMean, type Load, loadOfPlan, type RateBurst, reconnectRatePerSecond } from './load.ts';
export { classifyLoad, conditionalThroughput, type LossGoal, type LossTrial } from './load-classification.ts';
export { percentileOfCounts, requiredSamples, type ValueCount } from './percentile.ts';
export { defaultMeanToPeak, defaultQuotaLeadDays, type RolloutStage, type Slo, type UsagePlan } from './plan.ts';
export { costOfPlan } from './plan-cost.ts';
export { type Price, type PriceList, type PriceName, priceOf, type Tier, usEast1Prices } from './prices.ts';
export {
  type Exhaustion,
  type PlannedGrowth,
  type ProjectedDay,
  type Projection,
  type ProjectionPoint,
  project,
} from './projection.ts';
export { erlangC, meanWaitSeconds, type ServerGroup, type Waiting } from './queueing.ts';
export { type Demand, type Deployment, type Quota, type QuotaInForce, referenceDeployment } from './quota.ts';
export { quotas, quotasInForce } from './quotas.ts';
export { burstMoment, concurrencyOf, invocationRate, meanMoment } from './rates.ts';
export { type Recommendation, type RecommendationInput, recommend } from './recommendation.ts';
export type { PlannedTrial, SearchSettings } from './search-plan.ts';
export { studentTQuantile } from './student-t.ts';
export { carriedRatePerSecond, type TokenBucket, timeToThrottle } from './token-bucket.ts';
export { fitUsl, type Interval, predictThroughput, type UslFit, type UslParameter, type UslPoint } from './usl.ts';
export { trimWarmUp, type WarmUp } from './warm-up.ts';
