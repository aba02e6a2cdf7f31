/** Options of `loadline choose --measure`: what of the load a small machine needs less of. */
import type { Command } from 'commander';
import type { LoadOptionName } from '../../engine/src/step/load-fields.ts';
import { UsageError } from '../../run/errors.ts';

export const measuredLoad: readonly LoadOptionName[] = [
  ...(['connections', 'connectRatePerSecond', 'steadySeconds'] as const),
  ...(['messageRatePerSecond', 'webhookRatePerSecond', 'burstRatePerSecond'] as const),
];

/** @throws UsageError for one without --measure, which would change nothing. */
export function refuseWithoutMeasure({ measure }: { measure?: boolean }, command: Command): void {
  if (measure) return;
  const given = ['again', ...measuredLoad].find((name) => command.getOptionValueSource(name) === 'cli');
  const flag = command.options.find((option) => option.attributeName() === given)?.long;
  if (given !== undefined)
    throw new UsageError(`${flag} is of the load that --measure applies: add --measure, or leave it out.`);
}
