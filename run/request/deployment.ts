/** The stack of a run as capacity sees it. */
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { deploymentOfGraph } from '../../capacity/headroom/graph-deployment.ts';
import { deploymentOfService } from '../../capacity/servers/service-quotas.ts';
import { type EnteredApis, enteredApis, knownRoutes } from '../../graph/entered.ts';
import type { RunRecord, SentRoutes } from '../../record/run.ts';
import { assumedCoefficients } from '../../scenarios/reference/assumed-coefficients.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { referenceService } from '../../scenarios/reference/service.ts';

/**
 * Of the reference stack by its settings and what its author says of its code; of any other by its graph. Undefined: nothing is known of the target's
 * inside.
 */
function deploymentOf({
  target,
  settings,
  routes,
}: Pick<RunRecord, 'target' | 'settings' | 'routes'>): Deployment | undefined {
  if (target.resources !== null)
    return settings.compute === 'server'
      ? deploymentOfService(target.region, referenceService(settings))
      : referenceDeployment(settings, target.region);
  if (target.graph === undefined) return undefined;
  const entered = enteredApis(target.graph, target);
  return deploymentOfGraph(target.graph, { ...entered, ...(routes && { routes: takenRoutes(routes) }) }, target.region);
}

/** What a service of tasks has like the functions: by the code path, which is the same. Undefined: it is none. */
function sharedOf({ target, settings }: Pick<RunRecord, 'target' | 'settings'>): RunRecord['shared'] {
  return target.resources === null || settings.compute !== 'server'
    ? undefined
    : { coefficients: assumedCoefficients(), deployment: referenceDeployment(settings, target.region) };
}

/** Where nothing of a kind was sent, it is not known which route it would take. */
const takenRoutes = ({ message, webhook }: SentRoutes): NonNullable<EnteredApis['routes']> => ({
  message: knownRoutes(message),
  webhook: knownRoutes(webhook),
});

/** A run with its deployment, which older ones did not record. */
export function withDeployment(run: RunRecord): RunRecord {
  const [deployment, shared] = [run.deployment ?? deploymentOf(run), run.shared ?? sharedOf(run)];
  return { ...run, ...(deployment && { deployment }), ...(shared && { shared }) };
}
