/** The stack of a run as capacity sees it. */
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { deploymentOfGraph } from '../../capacity/headroom/graph-deployment.ts';
import { deploymentOfService } from '../../capacity/servers/service-quotas.ts';
import { enteredApis } from '../../graph/entered.ts';
import type { RunRecord } from '../../record/run.ts';
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

/** A run with its deployment, which older ones did not record. */
export function withDeployment(run: RunRecord): RunRecord {
  const deployment = run.deployment ?? deploymentOf(run);
  return deployment === undefined ? run : { ...run, deployment };
}
