/** The stack of a run as capacity sees it. */
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { deploymentOfGraph } from '../../capacity/headroom/graph-deployment.ts';
import { deploymentOfService } from '../../capacity/servers/service-quotas.ts';
import { enteredApis } from '../../graph/entered.ts';
import type { RunRecord } from '../../record/run.ts';
import { assumedCoefficients } from '../../scenarios/reference/assumed-coefficients.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { referenceService } from '../../scenarios/reference/service.ts';

/**
 * Of the reference stack by its settings and what its author says of its code; of any other by its graph. Undefined: nothing is known of the target's
 * inside.
 */
function deploymentOf({ target, settings }: Pick<RunRecord, 'target' | 'settings'>): Deployment | undefined {
  if (target.resources !== null)
    return settings.compute === 'server'
      ? deploymentOfService(target.region, referenceService(settings))
      : referenceDeployment(settings, target.region);
  return target.graph && deploymentOfGraph(target.graph, enteredApis(target.graph, target), target.region);
}

/** What a service of tasks has like the functions: by the code path, which is the same. Undefined: it is none. */
function sharedOf({ target, settings }: Pick<RunRecord, 'target' | 'settings'>): RunRecord['shared'] {
  return target.resources === null || settings.compute !== 'server'
    ? undefined
    : { coefficients: assumedCoefficients(), deployment: referenceDeployment(settings, target.region) };
}

/** A run with its deployment, which older ones did not record. */
export function withDeployment(run: RunRecord): RunRecord {
  const [deployment, shared] = [run.deployment ?? deploymentOf(run), run.shared ?? sharedOf(run)];
  return { ...run, ...(deployment && { deployment }), ...(shared && { shared }) };
}
