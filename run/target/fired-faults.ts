/** How often the faults of a local target fired in a run, from its control endpoint. */
import { faultListSchema, faultsPath } from '../../local/start.ts';
import type { LocalModel } from '../../record/run.ts';
import type { RunningTarget } from './running-target.ts';

/** Processes report what fired once a second. */
const reportedWithinMs = 1_500;

/** The target's model with every fault that it had in the run, those set since its start included; unchanged when the target does not answer. */
export async function modelAfterRun(description: RunningTarget['description']): Promise<LocalModel | null> {
  const target = description.kind === 'endpoint' ? description.inside : description;
  if (target?.kind !== 'local' || target.model === undefined) return null;
  const { endpoints, model } = target;
  if (endpoints === undefined) return model;
  const first = await ask(endpoints.cloudwatch);
  if (first === null) return model;
  if (first.length === 0) return { ...model, faults: [] };
  await new Promise((resolve) => setTimeout(resolve, reportedWithinMs));
  return { ...model, faults: (await ask(endpoints.cloudwatch)) ?? first };
}

/** Null when the target does not answer, or is another one. */
async function ask(awsUrl: string): Promise<LocalModel['faults'] | null> {
  try {
    const response = await fetch(`${awsUrl}${faultsPath}`, { signal: AbortSignal.timeout(2_000) });
    const { faults, cleared } = faultListSchema.parse(await response.json());
    return [...faults, ...cleared];
  } catch {
    return null;
  }
}
