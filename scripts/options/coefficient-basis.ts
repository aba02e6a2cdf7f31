/** Where the costs of the reference stack, or of one that was measured, come from, in sentences. */
import type { Basis, StackBasis } from '../../run/basis.ts';
import { assumedMeanMs } from '../../scenarios/reference/assumed-coefficients.ts';
import { doubtsOf } from './run-basis.ts';

/** With doubts about what is used, and what is not. */
export const coefficientBasis = (basis: Basis): string => [costsFrom(basis), ...doubtsOf(basis)].join(' ');

export function costsFrom(basis: Exclude<Basis | StackBasis, { kind: 'graph' }>): string {
  const place =
    basis.coefficients.from === 'local' ? ' on a local target: its durations are this machine’s, not AWS’s' : ' on AWS';
  switch (basis.kind) {
    case 'profile':
      return `Coefficients were measured by profile ${basis.profile.profileId} of ${basis.profile.graph.stackName}${place}.`;
    case 'run':
      return `Coefficients were measured by run ${basis.run.runId}${place}.`;
    case 'assumed': {
      const durations = Object.entries(assumedMeanMs).map(([id, ms]) => `${id} ${ms} ms`);
      return `No run: coefficients of the reference stack are assumed (means: ${durations.join(', ')}). Measure them with loadline run or loadline profile.`;
    }
  }
}
