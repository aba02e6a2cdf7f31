/** What a reader must know about a target that is not AWS, and about modelled figures. */
import { usEast1Prices } from '../../../aws/prices.ts';
import { type Coefficients, loadKinds } from '../../../capacity/demand/coefficients.ts';
import type { RunRecord } from '../../../record/run.ts';
import { plural } from '../numbers.ts';
import { listed, type Reason, reasonIf } from './reason.ts';

/** For a target of which nothing is modelled: measured from outside only, or somebody's own stack. */
export function unmodelledWarnings({ target, deployment }: RunRecord): Reason[] {
  if (deployment?.service !== undefined)
    return reasonIf(
      true,
      'serviceOfTasks',
      'The stack is a service of tasks behind a load balancer: quotas of API Gateway and Lambda do not apply to it. Headroom on AWS is modelled of what this run measured of its tasks and its load balancer, and of assumptions of what each kind of load costs a task.',
      '`loadline choose` compares it with the functions, and says what it costs.',
    );
  return target.kind === 'endpoint'
    ? reasonIf(
        true,
        'endpoint',
        'The target was measured from outside only (no CloudWatch, no queues), so quotas, headroom, capacity and cost are not available.',
        'Give --stack with the name of its CloudFormation stack, or measure its own resources over the same window.',
      )
    : reasonIf(
        true,
        'ownStack',
        'What each resource did was measured, but what its stack is made of is not recorded, so quotas, headroom, capacity and cost are not available.',
        'Run it again with this version.',
      );
}

export function modelWarnings(run: RunRecord, { tables }: Coefficients): Reason[] {
  const tableUnits = Object.values(tables).flatMap(({ writeUnits, readUnits }) =>
    [writeUnits, readUnits].flatMap((units) => loadKinds.flatMap((kind) => units[kind] ?? [])),
  );
  const faults = [...new Set(run.target.model?.faults.map(({ name }) => name))];
  return [
    ...reasonIf(
      run.target.kind === 'local',
      'local',
      'Latencies and durations are this machine’s, not AWS’s. Headroom on AWS is modelled from counts and ratios, which carry over, and from durations, which do not.',
      'Run it against the deployed stack for reliable figures.',
    ),
    ...reasonIf(
      run.target.region !== usEast1Prices.region,
      'prices',
      `Costs are computed with the prices of ${usEast1Prices.region}; the stack is in ${run.target.region}, where they differ.`,
      'Give that Region’s prices to loadline plan with --prices.',
    ),
    ...reasonIf(
      faults.length > 0,
      'faults',
      `${plural(faults.length, 'fault')} ${faults.length === 1 ? 'was' : 'were'} injected on purpose: ${listed(faults)}. The measurements include the effects.`,
      '“How it was measured” says what each did and how often. Compare only with runs under the same faults and seed.',
    ),
    ...reasonIf(
      tableUnits.some((each) => each.kind === 'value' && each.method === 'model'),
      'unitsModelled',
      'Some table units per connect, disconnect or webhook are derived from the code, since the run does not separate them.',
      'Compare with the measured total in CloudWatch.',
    ),
  ];
}
