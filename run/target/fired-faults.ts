/** What the faults of a local target came to in a run, asked of its control endpoint. */
import { z } from 'zod';
import { faultsPath } from '../../local/start.ts';
import { modelledFaultSchema } from '../../stack/target.ts';
import { describeFault } from './model-notes.ts';
import type { RunningTarget } from './running-target.ts';

const answerSchema = z.object({
  faults: z.array(modelledFaultSchema.required({ fired: true })),
  cleared: z.array(z.object({ name: z.string(), fired: z.number() })),
});
/** Processes report what fired once a second. */
const reportedWithinMs = 1_500;

/** Sentences for the report, none without faults. Those that were set during the run are described as well. */
export async function firedFaultNotes(description: RunningTarget['description']): Promise<string[]> {
  if (description.kind !== 'local' || description.endpoints === undefined) return [];
  const { endpoints, notes = [] } = description;
  const first = await ask(endpoints.cloudwatch);
  if (first === null || first.faults.length + first.cleared.length === 0) return [];
  await new Promise((resolve) => setTimeout(resolve, reportedWithinMs));
  const { faults, cleared } = (await ask(endpoints.cloudwatch)) ?? first;
  return [
    ...faults.flatMap(({ fired, ...fault }) => {
      const described = describeFault(fault);
      return [...(notes.includes(described) ? [] : [described]), `Fault "${fault.name}" fired ${times(fired)}.`];
    }),
    ...cleared.map(({ name, fired }) => `Fault "${name}", cleared before the end, fired ${times(fired)}.`),
  ];
}

const times = (count: number) => (count === 1 ? 'once' : `${count} times`);

/** Null when the target does not answer, or is another one. */
async function ask(awsUrl: string): Promise<z.infer<typeof answerSchema> | null> {
  try {
    const response = await fetch(`${awsUrl}${faultsPath}`, { signal: AbortSignal.timeout(2_000) });
    return answerSchema.parse(await response.json());
  } catch {
    return null;
  }
}
