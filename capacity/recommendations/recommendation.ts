/** What to set and what to request, each with its calculation. */
import type { Coefficients } from '../demand/coefficients.ts';
import { loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import type { Deployment } from '../headroom/deployment.ts';
import type { Quota, QuotaInForce } from '../headroom/quota.ts';
import { quotasInForce, quotasOf } from '../headroom/quotas.ts';
import { type Projection, project } from '../projection/projection.ts';
import { accountConcurrency } from './account-concurrency.ts';
import { applied, type Planned } from './applied.ts';
import { directWebhooks } from './direct-webhooks.ts';
import { fifoThroughput } from './fifo-throughput.ts';
import { provisionedConcurrency } from './provisioned-concurrency.ts';
import { quotaRaises } from './quota-raises.ts';
import { inOrder } from './recommendation-order.ts';
import { type Context, type Draft, type Recommendation, recommended } from './recommendation-terms.ts';
import { backOff, heartbeat } from './recommended-client.ts';
import { memory, reservedConcurrency } from './recommended-functions.ts';
import { batchSize, forEachQueue, maxReceives, pollers, retention } from './recommended-queue.ts';
import { tableThroughput } from './recommended-table.ts';
import { redesigns } from './redesigns.ts';
import { safeStage } from './safe-stage.ts';

export type { Recommendation } from './recommendation-terms.ts';

export interface RecommendationInput {
  plan: UsagePlan;
  coefficients: Coefficients;
  quotas?: readonly (Quota | QuotaInForce)[] | undefined;
  deployment: Deployment;
  /** Of this plan with these quotas, where it is known already. */
  projection?: Projection | undefined;
}

type Step = (context: Context) => Draft[];

/**
 * In the order in which one depends on another: clients decide what arrives, settings what it needs, and the account's concurrency is what all of
 * it shares.
 */
const steps: readonly Step[] = [
  (context) => [heartbeat(context)],
  directWebhooks,
  forEachQueue(batchSize),
  forEachQueue(pollers),
  provisionedConcurrency,
  memory,
  reservedConcurrency,
  forEachQueue(fifoThroughput),
  forEachQueue(maxReceives),
  forEachQueue(retention),
  quotaRaises,
  tableThroughput,
  accountConcurrency,
];

/**
 * Recommendations for the plan's busiest day within its horizon (after growth and the last stage to begin): quota increases by code, settings of the
 * stack and of its clients, and the stage of the rollout that today's quotas carry. Each is computed as if those before it were carried out
 * ({@link applied}); what is exceeded even after all of them is a redesign. So with all of them nothing is exceeded within the horizon, or a redesign says
 * what is. One that lacks a coefficient is `unknown`, with the reason. Concurrency by Little's law with L + 3√L (see momentaryConcurrency); rates
 * by the run's coefficients, so for loads of its mix. What everything else presumes comes first.
 */
export function recommend(input: RecommendationInput): Recommendation[] {
  const { plan, coefficients, deployment } = input;
  const known = (input.quotas ?? quotasOf(deployment)).filter(
    ({ id }) => !id.startsWith('reserved') || id === 'reservableConcurrency',
  );
  const limits = quotasInForce(deployment, plan.quotas, known);
  const projection = input.projection ?? project(plan, coefficients, limits, deployment);
  const busiest = projection.points.reduce((a, b) => (b.usersFactor > a.usersFactor ? b : a));
  const contextOf = (planned: Planned): Context => {
    const grown = { ...planned.plan, growthPerMonth: projection.growth.perMonth };
    return {
      plan: grown,
      coefficients,
      deployment: planned.deployment,
      limits: quotasInForce(planned.deployment, planned.plan.quotas, known),
      now: { deployment, limits },
      projection,
      load: loadOfPlan(grown, busiest.months),
      date: busiest.date,
    };
  };
  const adviceBy = (chosen: readonly Step[]) =>
    advised({ plan, deployment }, { contextOf, coefficients, steps: chosen });
  const all = adviceBy(steps);
  // Advice must not exceed what the plan itself does not: then its heartbeats are too many to be carried.
  const runsOut = (id: string) => projection.exhaustions.some((each) => each.kind === 'at' && each.quotaId === id);
  const isOwn = all.some(({ kind, quotaIds }) => kind === 'redesign' && !quotaIds.some(runsOut));
  return isOwn ? adviceBy([withoutHeartbeat, ...steps.slice(1)]) : all;
}

/** Clients that are silent for hours have to send more than any quota carries to stay connected. */
function withoutHeartbeat(context: Context): Draft[] {
  const draft = heartbeat(context);
  if (draft.kind !== 'set' || draft.facts.of !== 'heartbeat') return [draft];
  return [{ ...draft, kind: 'keep', value: null, change: {}, facts: { ...draft.facts, tooMany: true } }];
}

/** The recommendations by these steps, in their order. */
function advised(
  before: Planned,
  {
    contextOf,
    coefficients,
    steps: chosen,
  }: { contextOf: (planned: Planned) => Context; coefficients: Coefficients; steps: readonly Step[] },
): Recommendation[] {
  const all: Recommendation[] = [];
  const planned = () =>
    applied(
      all.map(({ change }) => change),
      before,
    );
  for (const advice of chosen) all.push(...advice(contextOf(planned())).map(recommended));
  const after = planned();
  // Of its dates the first is enough: without the intervals that a history of growth has.
  const stated = { ...contextOf(after).plan, growthHistory: undefined };
  const left = project(stated, coefficients, contextOf(after).limits, after.deployment).exhaustions;
  // Whose setting could not be calculated may well be mended by it.
  const notKnown = new Set(all.flatMap(({ kind, quotaIds }) => (kind === 'unknown' ? quotaIds : [])));
  const exceeded = left.filter((each) => each.kind === 'at').filter(({ quotaId }) => !notKnown.has(quotaId));
  const rest = [backOff(contextOf(after)), ...redesigns(contextOf(after), exceeded)];
  return inOrder([recommended(safeStage(contextOf(before))), ...all, ...rest.map(recommended)]);
}
