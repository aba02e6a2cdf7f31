/** What a plan's figures take for granted, and what was given in vain. */
import type { PriceList } from '../aws/prices.ts';
import { isQuotaId, quotaFact, quotaIds } from '../aws/quotas/table.ts';
import type { Coefficients } from '../capacity/demand/coefficients.ts';
import type { UsagePlan } from '../capacity/demand/plan.ts';
import type { Deployment } from '../capacity/headroom/deployment.ts';
import type { QuotaInForce } from '../capacity/headroom/quota.ts';
import { withoutEffect } from '../capacity/headroom/without-effect.ts';
import { percent, quantity } from './analysis/numbers.ts';

interface Assumed {
  plan: UsagePlan;
  coefficients: Coefficients;
  deployment: Deployment;
  limits: readonly QuotaInForce[];
  prices: Pick<PriceList, 'region'>;
}

export function planAssumptions({ plan, coefficients, deployment, limits, prices }: Assumed): string[] {
  return [
    ...withoutEffect(Object.keys(plan.quotas), limits).map(
      (key) => `The quota ${key} was given, and has no effect on this plan: ${reasonOf(key)}.`,
    ),
    ...(deployment.databases ?? []).flatMap(({ id, instanceClass, maxConnections }) =>
      maxConnections === null
        ? [
            `How many connections ${id} lets in is not known, because the memory of ${instanceClass} is not known here: nothing is said of them. Set database.maxConnections.`,
          ]
        : [],
    ),
    ...fallbackAssumption({ plan, coefficients, deployment }),
    ...(prices.region === deployment.region
      ? []
      : [
          `Prices are those of ${prices.region}; the stack is in ${deployment.region}, where they differ. Give that Region’s with --prices.`,
        ]),
    plan.managedInstances
      ? 'The functions run on Lambda Managed Instances, where an environment has several invocations at a time (16 to 64 for each vCPU by default): what counts one for each is unknown.'
      : 'Lambda: one invocation at a time in each environment. That does not hold on Lambda Managed Instances, where an environment has several; if the functions run there, say `managedInstances: true` in the plan.',
  ];
}

/** What is taken for granted of pages that ask over HTTP, and where what their answers cost comes from. Nothing of a stack that serves no fallback. */
export function fallbackAssumption({ plan, coefficients, deployment: { code } }: FallbackAssumed): string[] {
  if (code?.fallback === undefined) return [];
  const { holdSeconds } = code.fallback;
  return [
    `Every page has the client for the browser: who is not in the stage polls. How many they are follows from \`users\` and the shares of the stages, as if they were online as often. ${blockedWords(plan.syncClient?.blockedShare ?? 0)} ${answersWords(coefficients, code.fallback)}${holdSeconds > 0 ? ` Reads are held for up to ${holdSeconds} s: each tab that waits is an execution, and a read of the table each second.` : ''}`,
  ];
}

type FallbackAssumed = Pick<Assumed, 'plan' | 'coefficients' | 'deployment'>;
type DeployedFallback = NonNullable<NonNullable<Deployment['code']>['fallback']>;

/** Of a stage's read, which is never held. */
function answersWords({ functions }: Coefficients, { function: id, meanSeconds }: DeployedFallback): string {
  const costs = functions[id]?.busySeconds;
  const [stage, first] = [costs?.stageRead, costs?.firstRead];
  if (first?.kind === 'value' && first.method === 'measured' && stage?.kind === 'value')
    return `What the fallback’s answers cost was measured, by what is named above: ${ms(stage.value)} about the stage and ${ms(first.value)} with events (${first.basis}).`;
  return `The fallback’s answers are assumed to take ${ms(meanSeconds.stage)} about the stage and ${ms(meanSeconds.events)} with events: nothing that is used here had polls (\`loadline run fallback\`, or \`loadline profile\` of a stack with \`fallback\`, measures them).`;
}

const ms = (seconds: number): string => quantity(seconds * 1_000, 'ms');

const blockedWords = (share: number): string =>
  share > 0
    ? `The networks of ${percent(share)} of the users are taken to let no WebSocket through (\`syncClient.blockedShare\`): in the stage they poll as well, and have no messages of channels.`
    : 'No network is taken to keep WebSockets out, unless the plan says for how many users (`syncClient.blockedShare`).';

function reasonOf(key: string): string {
  const [id = key, resource] = idOf(key).split('.');
  if (id === 'reservedConcurrency')
    return resource === undefined
      ? 'name the function as well, as in reservedConcurrency.MyFunction'
      : `nothing is reserved for ${resource}; set its reserved concurrency in the stack`;
  if (resource === undefined && ofOneResource.has(id)) return `name the resource as well, as in ${id}.MyResource`;
  return reasons[id] ?? 'nothing of the stack meets it';
}

/** A code's quota; a burst's is that of its rate. */
function idOf(key: string): string {
  if (isQuotaId(key)) return key;
  return (
    quotaIds.find((id) => {
      const { code, burstCode } = quotaFact(id);
      return code === key || burstCode === key;
    }) ?? key
  );
}

/** Quotas that follow from a setting of each resource. */
const ofOneResource: ReadonlySet<string> = new Set(['functionTimeout', 'databaseConnections']);

const provisioned = 'the queue’s event source has no provisioned pollers';
const reasons: Readonly<Record<string, string | undefined>> = {
  asyncPayloadBytes: 'no function of the stack is invoked asynchronously',
  pollerInitialConcurrency: 'AWS does not change what pollers start with',
  provisionedPollerConcurrency: provisioned,
  provisionedMaxConcurrency: provisioned,
  provisionedGrowthPerMinute: provisioned,
};
