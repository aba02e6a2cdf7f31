/** Whether what a trial carried lasts, by its own report. */
import { isQuotaId, quotaFact } from '../../aws/quotas/table.ts';
import type { Load } from '../../capacity/demand/load.ts';
import type { Deployment, EnteredApi } from '../../capacity/headroom/deployment.ts';
import { quotasInForce } from '../../capacity/headroom/quotas.ts';
import { type Sustained, sustainedLoad } from '../../capacity/search/sustained.ts';
import type { LocalModel, RunRecord } from '../../record/run.ts';
import type { Workload } from '../../record/workload.ts';
import { loadOfWorkload } from '../../reports/analysis/measurements.ts';
import type { Report } from '../../reports/report.ts';

/** `workloadAt`: of a trial at that load. */
export function sustainedBy(
  report: Report,
  { run, load, workloadAt }: { run: RunRecord; load: number; workloadAt: (load: number) => Workload },
): Sustained {
  const { coefficients } = report;
  if (coefficients === null || run.deployment === undefined)
    return { kind: 'unknown', reason: 'the trial measured no coefficients' };
  const { model } = run.target;
  const deployment = scaled(run.deployment, model?.quotaScale ?? 1);
  const known = quotasInForce(deployment, { ...run.plan.quotas, ...(model && localRates(model)) });
  // A table on AWS that has carried load before takes more than a new one.
  const quotas =
    model || deployment.newTable ? known : known.filter(({ quota }) => !quota.startsWith('dynamodbOnDemand'));
  return sustainedLoad(load, (at) => momentsOf(workloadAt(at)), { coefficients, deployment, quotas });
}

/** The ramp, in which connections open and nothing else counts, and the steady state. */
function momentsOf(workload: Workload): Load[] {
  const load = loadOfWorkload(workload);
  return [
    { ...load, messageRatePerSecond: 0, webhookRatePerSecond: 0, webhookBurst: null },
    { ...load, connectBurst: null, webhookBurst: null },
  ];
}

/** The rates that the local target enforces, by quota: AWS's at its scale, but for those that were set. */
function localRates({ quotaScale, limits }: LocalModel): Record<string, number> {
  const ids = ['accountThrottle', 'newConnections', 'dynamodbOnDemandWrite', 'dynamodbOnDemandRead'] as const;
  const rates: Record<string, number> = Object.fromEntries(ids.map((id) => [id, quotaFact(id).default * quotaScale]));
  for (const { name, value } of limits) {
    const [id = '', field] = name.split('.');
    if (isQuotaId(id) && field === 'ratePerSecond' && typeof value === 'number') rates[id] = value;
  }
  return rates;
}

/** The stack's own throttles, which a local target scales with the quotas. */
function scaled(deployment: Deployment, scale: number): Deployment {
  const slower = <Bucket extends { ratePerSecond: number; burst: number }>(bucket: Bucket): Bucket => ({
    ...bucket,
    ...{ ratePerSecond: bucket.ratePerSecond * scale, burst: bucket.burst * scale },
  });
  const ofApi = (api: EnteredApi | null): EnteredApi | null =>
    api && {
      ...api,
      throttle: api.throttle && slower(api.throttle),
      ...(api.routeThrottles && { routeThrottles: api.routeThrottles.map((each) => slower(each)) }),
      ...(api.usagePlan && {
        usagePlan: {
          ...api.usagePlan,
          throttle: api.usagePlan.throttle && slower(api.usagePlan.throttle),
          routes: api.usagePlan.routes.map((each) => slower(each)),
        },
      }),
    };
  return { ...deployment, webSocket: ofApi(deployment.webSocket), webhook: ofApi(deployment.webhook) };
}
