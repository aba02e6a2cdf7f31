/** Plans whose pages have the client, and what is calculated of them for the stack with the setting `fallback`. */
import { usEast1Prices } from '../../aws/prices.ts';
import { loadOfPlan } from '../../capacity/demand/load.ts';
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import { examplePlan } from '../../capacity/example-stack.fixture.ts';
import { keepingEvents, withFallback } from '../../capacity/fallback/fallback-costs.ts';
import { type FallbackUse, fallbackUse } from '../../capacity/fallback/fallback-use.ts';
import { demandsOf } from '../../capacity/headroom/headroom.ts';
import { quotasInForce } from '../../capacity/headroom/quotas.ts';
import { project } from '../../capacity/projection/projection.ts';
import { assumedCoefficients } from '../../scenarios/reference/assumed-coefficients.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { parseSettings } from '../../stack/settings/settings.ts';

/** 10,000 users, all online with a tab, as busy all day; none writes. 864 webhooks a day each: 100/s. */
export const tabs: UsagePlan = {
  ...examplePlan,
  ...{ users: 10_000, peakConcurrency: 1, tabsPerUser: 1, messagesPerUserPerMinute: 0, webhooksPerUserPerDay: 864 },
  ...{ webhookBurstFactor: 1, heartbeatSeconds: 300 },
};
/** The same 10,000 tabs, of which 2,000 are in the stage. */
export const fifth: UsagePlan = { ...tabs, users: 2_000, rollout: [{ stage: 'a fifth', share: 0.2, date: tabs.asOf }] };

export function calculated(plan: UsagePlan, fallback: Record<string, unknown> | null = {}) {
  const deployment = referenceDeployment(parseSettings({ fallback }), 'us-east-1');
  const coefficients = keepingEvents(assumedCoefficients(), { measured: null, deployment });
  const input = withFallback({ plan, coefficients, deployment });
  const quotas = quotasInForce(deployment, {});
  const load = loadOfPlan(input.plan);
  const demands = new Map(
    demandsOf(load, input.coefficients, deployment, quotas).map(({ quotaId, demand }) => [quotaId, demand]),
  );
  return { ...input, load, quotas, demand: (id: string) => demands.get(id) };
}
/** @param fallback its settings. */
export function useOf(given: UsagePlan, fallback: Record<string, unknown> = {}): FallbackUse | null {
  const { plan, quotas, coefficients, deployment } = calculated(given, fallback);
  const projection = project(plan, coefficients, quotas, deployment);
  return fallbackUse(projection, { coefficients, deployment }, { quotas, prices: usEast1Prices });
}
