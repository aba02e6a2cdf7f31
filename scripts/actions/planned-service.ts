/** A plan for the reference stack as a service of tasks. */
import type { PlanInput } from '../../reports/plan-report.ts';
import { UsageError } from '../../run/errors.ts';
import { readYamlFile } from '../../run/input-file.ts';
import { readMeasuredVariants } from '../../run/variants/measured-variants.ts';
import { costsOfTasks, sizeOf } from '../../run/variants/service-size.ts';
import { inOrderFor, readTasksProfiles } from '../../run/variants/tasks-profile.ts';
import { functionsSettings } from '../../run/variants/variant-settings.ts';
import { parseSettings, type StackSettings, settingsSchema } from '../../stack/settings/settings.ts';
import type { PlanOptions } from '../options/plan-options.ts';
import { taskBasis } from '../options/task-basis.ts';

export interface PlannedService {
  service: NonNullable<PlanInput['service']>;
  /** Whose table, queue and secrets it has. */
  functions: StackSettings;
  basis: string[];
}

/** Null: the settings are those of functions. @throws UsageError for settings that cannot be read, and for options of functions alone. */
export async function plannedService({ settings: file, run, freeTier }: PlanOptions): Promise<PlannedService | null> {
  if (file === undefined) return null;
  const settings = readYamlFile(file, 'settings file', settingsSchema);
  if (settings.compute !== 'server') return null;
  if (freeTier)
    throw new UsageError(
      '--free-tier is of what functions use, and the settings are of a service of tasks: leave it out.',
    );
  const usesRuns = run !== 'none';
  const tasks = costsOfTasks(
    usesRuns ? await readMeasuredVariants() : [],
    usesRuns ? inOrderFor(settings.store, await readTasksProfiles()) : [],
  );
  return {
    service: { size: sizeOf(settings), costs: tasks.costs },
    functions: functionsSettings(settings) ?? parseSettings(),
    basis: [
      taskBasis(tasks),
      'Table, queue, secrets and data out are those of functions for the same load. `loadline choose` compares tasks with functions.',
    ],
  };
}
