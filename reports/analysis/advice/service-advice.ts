/** What to ask for and to set for a service of tasks. Clients of a load balancer need no heartbeat, and it has no quota of new connections. */
import type { Coefficients } from '../../../capacity/demand/coefficients.ts';
import type { UsagePlan } from '../../../capacity/demand/plan.ts';
import type { QuotaInForce } from '../../../capacity/headroom/quota.ts';
import { recommend } from '../../../capacity/recommendations/recommendation.ts';
import type { ServiceSize } from '../../../capacity/servers/service-demand.ts';
import { deploymentOfService } from '../../../capacity/servers/service-quotas.ts';
import { type Advice, inWords } from './advice.ts';

/** `quotas`: of its tasks. */
export const serviceAdvice = (
  plan: UsagePlan,
  quotas: readonly QuotaInForce[],
  { coefficients, size, region }: { coefficients: Coefficients; size: ServiceSize; region: string },
): Advice[] =>
  recommend({ plan, coefficients, quotas, deployment: deploymentOfService(region, size) })
    .filter(({ id }) => !id.startsWith('client.'))
    .map(inWords);
