/** Environments that are kept ready. */
import { usEast1Prices } from '../../aws/prices.ts';
import { momentaryConcurrency } from '../demand/little.ts';
import { concurrencyOf, meanMoment } from '../demand/rates.ts';
import type { DeployedFunction } from '../headroom/deployment.ts';
import { environmentStep } from '../headroom/lambda-quotas.ts';
import { unknown } from '../known.ts';
import type { ProvisionedConcurrencyFacts } from './facts.ts';
import { burstConcurrency, limitOf, mostExecutions } from './needed-concurrency.ts';
import {
  type Context,
  type Draft,
  leastSavingUsd,
  notKnown,
  targetUtilisation,
  urgency,
} from './recommendation-terms.ts';

const secondsPerMonth = 730 * 3_600;
const readyGbSecondUsd = usEast1Prices.provisionedConcurrencyArmGbSecond.tiers[0].usd;

/**
 * Ready environments: of the connect path where cold starts would break the SLO, of any function whose step is over what Lambda starts within 10 s. Those that
 * others have are as many as run at once at the busiest moment, at most.
 */
export function provisionedConcurrency(context: Context): Draft[] {
  return context.deployment.functions.flatMap((each) => {
    const forStep = readyFor(context, each);
    if (each.awaitedBy.includes('connect') && !each.authorizes) return [connectPath(context, each, forStep)];
    if (forStep !== null) return [forBurst(context, each, forStep)];
    return each.provisionedConcurrency > 0 ? [keptReady(context, each)] : [];
  });
}

/** Environments that leave a step within the target; null: it is not exceeded, or more than an account gets. */
function readyFor(context: Context, each: DeployedFunction): number | null {
  const step = environmentStep(each, context);
  const limit = limitOf(context, 'environmentScaling');
  const need = burstConcurrency(context, each.id);
  if (step.kind === 'unknown' || need.kind === 'unknown' || step.value <= limit) return null;
  const ready = Math.ceil(need.mean - targetUtilisation * limit);
  return ready > mostExecutions(context) ? null : ready;
}

function provisionedOf({ projection }: Context, { id, provisionedConcurrency: present }: DeployedFunction) {
  return {
    ...urgency(projection, ['environmentScaling']),
    id: `provisionedConcurrency.${id}`,
    subject: `provisioned concurrency of ${id}`,
    unit: 'executions',
    present: present === 0 ? null : present,
    setting: `provisioned concurrency of the function ${id}`,
  };
}

function stepFacts(context: Context, each: DeployedFunction, ready: number): ProvisionedConcurrencyFacts['step'] {
  return {
    date: context.date,
    environments: limitOf(context, 'environmentScaling'),
    ready,
    utilisation: targetUtilisation,
    usdPerMonth: keptUsdPerMonth(each, ready),
  };
}

const keptUsdPerMonth = ({ memoryMb }: DeployedFunction, environments: number): number =>
  environments * (memoryMb / 1_024) * secondsPerMonth * readyGbSecondUsd;

/** What is kept for a function whose bursts need none: latency is its reason, and more than ever run at once have no effect on it. */
function keptReady(context: Context, each: DeployedFunction): Draft {
  const base = provisionedOf(context, each);
  const need = burstConcurrency(context, each.id);
  if (need.kind === 'unknown') return { ...base, ...notKnown(need.reason) };
  const { mean, moment } = need;
  const savingUsdPerMonth = keptUsdPerMonth(each, Math.max(0, each.provisionedConcurrency - moment));
  const isLess = savingUsdPerMonth >= leastSavingUsd;
  const value = isLess ? moment : each.provisionedConcurrency;
  return {
    ...base,
    value,
    kind: isLess ? 'set' : 'keep',
    change: { settings: { functions: { [each.id]: { provisionedConcurrency: value } } } },
    facts: {
      ...{ of: 'provisionedConcurrency', function: each.id, slo: null, step: null },
      unused: { mean, moment, date: context.date, savingUsdPerMonth, leastSavingUsd },
    },
  };
}

function forBurst(context: Context, each: DeployedFunction, ready: number): Draft {
  return {
    ...provisionedOf(context, each),
    value: ready,
    kind: 'set',
    change: { settings: { functions: { [each.id]: { provisionedConcurrency: ready } } } },
    facts: { of: 'provisionedConcurrency', function: each.id, slo: null, step: stepFacts(context, each, ready) },
  };
}

/** Enough ready environments of the connect path for its steady load, where cold starts would break the SLO. */
function connectPath(context: Context, each: DeployedFunction, forStep: number | null): Draft {
  const { load, coefficients, plan } = context;
  const base = provisionedOf(context, each);
  const need = load.managedInstances
    ? burstConcurrency(context, each.id)
    : concurrencyOf(each.id, meanMoment(load), context);
  if (need.kind === 'unknown') return { ...base, ...notKnown(need.reason) };
  const p99 = coefficients.functions[each.id]?.p99Seconds ?? unknown(`The duration of ${each.id} is not known.`);
  if (p99.kind === 'unknown') return { ...base, ...notKnown(p99.reason) };
  const mean = 'mean' in need ? need.mean : need.value;
  const sloSeconds = plan.slo.connectP99Ms / 1_000;
  const breaks = p99.value > sloSeconds;
  const forSlo = breaks ? Math.ceil(momentaryConcurrency(mean)) : 0;
  const needed = Math.max(forSlo, forStep ?? 0);
  const present = base.present ?? 0;
  // With more than are needed the connect path is slow already: fewer would not make it faster.
  const value = needed > 0 ? Math.max(needed, present) : 0;
  return {
    ...base,
    value,
    kind: value > present ? 'set' : 'keep',
    change: { settings: { functions: { [each.id]: { provisionedConcurrency: value } } } },
    facts: {
      of: 'provisionedConcurrency',
      function: each.id,
      slo: {
        p99Seconds: p99.value,
        sloSeconds,
        needed: breaks ? { mean, moment: forSlo } : null,
        from: coefficients.from,
      },
      step: forStep === null ? null : stepFacts(context, each, forStep),
    },
  };
}
