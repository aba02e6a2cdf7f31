/** `loadline choose --measure`: every variant on this machine, before they are compared. */
import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import type { VariantName } from '../../capacity/servers/variants.ts';
import { beginLines, stepBeginLine, stepEndLine } from '../../reports/choose/measure-text.ts';
import type { Measurement } from '../../reports/choose/measurement.ts';
import { prepareRun } from '../../run/request/run-request.ts';
import { type MeasureRequest, measureVariants, plannedSteps } from '../../run/variants/measure.ts';
import type { LoadOverrides } from '../../scenarios/plan/workload.ts';
import type { StackSettings } from '../../stack/settings/settings.ts';
import { type ExitCode, exitCode } from '../exit-code.ts';
import { onInterruption } from '../interruption.ts';
import { measuredLoad } from '../options/measure-options.ts';
import type { Terminal } from '../terminal.ts';

export interface ChooseMeasureOptions extends LoadOverrides {
  runs: string;
  profiles: string;
  again?: boolean;
}

/** Messages and webhooks together, as in `loadline run`. */
const scenario = 'sync';
/** Long enough for a p99 of the plan's messages with its interval, short enough for every variant within ten minutes. */
const defaultSteadySeconds = 12;

export async function measure(
  { planFile, settings, variants }: { planFile: string; settings: StackSettings; variants: readonly VariantName[] },
  options: ChooseMeasureOptions,
  { terminal, make }: { terminal: Terminal; make?: MeasureRequest['make'] },
): Promise<Measurement> {
  const load = Object.fromEntries(measuredLoad.map((name) => [name, options[name]]));
  const { steadySeconds = defaultSteadySeconds } = options;
  const request = {
    ...(await prepareRun(
      scenario,
      { ...load, plan: planFile, steadySeconds, target: 'local', fleets: 'asNeeded' },
      terminal.environment,
    )),
    settings,
  };
  const steps = plannedSteps({ request, variants });
  const seconds = steps.reduce((sum, { expectedSeconds }) => sum + expectedSeconds, 0);
  const busyShare = (loadavg()[0] ?? 0) / availableParallelism();
  for (const line of beginLines({ steps, seconds, busyShare })) terminal.say(line);
  const startedAt = new Date().toISOString();
  const interruption = onInterruption(
    terminal.say,
    'Interrupted: stopping; what was measured is kept. Interrupt again to stop immediately.',
  );
  try {
    const made = await measureVariants({
      ...{ request, variants, planFile: resolve(planFile) },
      ...{ runs: resolve(options.runs), profiles: resolve(options.profiles) },
      ...{ again: options.again === true, signal: interruption.signal },
      ...(make && { make }),
      onStep(step) {
        if (step.state === 'begins') terminal.say(stepBeginLine(step));
        else terminal.say(stepEndLine(step));
      },
    });
    return { startedAt, endedAt: new Date().toISOString(), busyShare, steps: made };
  } finally {
    interruption.dispose();
  }
}

/** What did not complete comes before what was invalid. */
export function codeOf({ steps }: Measurement): ExitCode {
  const kinds = steps.map(({ result }) => result.kind);
  if (kinds.includes('interrupted')) return exitCode.interrupted;
  if (kinds.includes('failed')) return exitCode.crashed;
  const isInvalid = steps.some(({ result }) => 'status' in result && result.status === 'invalid');
  return isInvalid ? exitCode.invalid : exitCode.ok;
}
