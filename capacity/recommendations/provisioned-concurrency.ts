/** Environments that are kept ready. */
import { usEast1Prices } from '../../aws/prices.ts';
import type { Role } from '../demand/coefficients.ts';
import { momentaryConcurrency } from '../demand/little.ts';
import { concurrencyOf, meanMoment } from '../demand/rates.ts';
import { environmentStep, rolesOf } from '../headroom/lambda-quotas.ts';
import type { ProvisionedConcurrencyFacts } from './facts.ts';
import { burstConcurrency, limitOf, mostExecutions } from './needed-concurrency.ts';
import { type Context, type Draft, notKnown, targetUtilisation, urgency } from './recommendation-terms.ts';

const secondsPerMonth = 730 * 3_600;
const readyGbSecondUsd = usEast1Prices.provisionedConcurrencyArmGbSecond.tiers[0].usd;

/** Ready environments: of the connect path where cold starts would break the SLO, of any function whose step is over what Lambda starts within 10 s. */
export function provisionedConcurrency(context: Context): Draft[] {
  return rolesOf(context.deployment).flatMap((role) => {
    const forStep = readyFor(context, role);
    return role === 'connect'
      ? [connectPath(context, forStep)]
      : forStep === null
        ? []
        : [forBurst(context, role, forStep)];
  });
}

/** Environments that leave a step within the target; null: it is not exceeded, or more than an account gets. */
function readyFor(context: Context, role: Role): number | null {
  const step = environmentStep(role, context);
  const limit = limitOf(context, 'environmentScaling');
  const need = burstConcurrency(context, role);
  if (step.kind === 'unknown' || need.kind === 'unknown' || step.value <= limit) return null;
  const ready = Math.ceil(need.mean - targetUtilisation * limit);
  return ready > mostExecutions(context) ? null : ready;
}

function provisionedOf({ deployment, projection }: Context, role: Role) {
  return {
    ...urgency(projection, ['environmentScaling']),
    id: `provisionedConcurrency.${role}`,
    subject: `provisioned concurrency of ${role}`,
    unit: 'executions',
    present: deployment.provisionedConcurrency?.[role] ?? null,
    setting: `provisioned concurrency of the function ${role}`,
  };
}

function stepFacts(context: Context, role: Role, ready: number): ProvisionedConcurrencyFacts['step'] {
  const gb = context.deployment.memoryMb[role] / 1_024;
  return {
    date: context.date,
    environments: limitOf(context, 'environmentScaling'),
    ready,
    utilisation: targetUtilisation,
    usdPerMonth: ready * gb * secondsPerMonth * readyGbSecondUsd,
  };
}

function forBurst(context: Context, role: Role, ready: number): Draft {
  return {
    ...provisionedOf(context, role),
    value: ready,
    kind: 'set',
    change: { settings: { provisionedConcurrency: { [role]: ready } } },
    facts: { of: 'provisionedConcurrency', slo: null, step: stepFacts(context, role, ready) },
  };
}

/** Enough ready environments of the connect path for its steady load, where cold starts would break the SLO. */
function connectPath(context: Context, forStep: number | null): Draft {
  const { load, coefficients, plan } = context;
  const base = provisionedOf(context, 'connect');
  const need = load.managedInstances
    ? burstConcurrency(context, 'connect')
    : concurrencyOf(meanMoment(load), coefficients, 'connect');
  if (need.kind === 'unknown') return { ...base, ...notKnown(need.reason) };
  const p99 = coefficients.p99Seconds.connect;
  if (p99.kind === 'unknown') return { ...base, ...notKnown(p99.reason) };
  const mean = 'mean' in need ? need.mean : need.value;
  const sloSeconds = plan.slo.connectP99Ms / 1_000;
  const breaks = p99.value > sloSeconds;
  const forSlo = breaks ? Math.ceil(momentaryConcurrency(mean)) : 0;
  const value = Math.max(forSlo, forStep ?? 0);
  return {
    ...base,
    value,
    kind: value > 0 ? 'set' : 'keep',
    change: { settings: { provisionedConcurrency: { connect: value } } },
    facts: {
      of: 'provisionedConcurrency',
      slo: {
        p99Seconds: p99.value,
        sloSeconds,
        needed: breaks ? { mean, moment: forSlo } : null,
        from: coefficients.from,
      },
      step: forStep === null ? null : stepFacts(context, 'connect', forStep),
    },
  };
}
