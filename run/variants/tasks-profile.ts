/** The newest valid profile of a service of tasks: what each kind of load costs a task. */
import { measuredInProfile, profiledServiceCosts } from '../../capacity/servers/profiled-service-costs.ts';
import type { ServiceCosts } from '../../capacity/servers/service-costs.ts';
import type { VariantName } from '../../capacity/servers/variants.ts';
import type { ProfileRecord } from '../../record/profile.ts';
import type { RunRecord } from '../../record/run.ts';
import type { ProfiledVariant } from '../../reports/choose/measured-variant.ts';
import { nameOfSettings } from '../../scenarios/reference/variants.ts';
import type { StackSettings } from '../../stack/settings/settings.ts';
import { UsageError } from '../errors.ts';
import { newestProfile } from '../last-profile.ts';

export interface TasksProfile {
  name: VariantName;
  costs: ServiceCosts;
  measured: ProfiledVariant;
  record: ProfileRecord;
}

/** One of each store, as far as there is one in `root`. */
export async function readTasksProfiles(root = 'profiles'): Promise<TasksProfile[]> {
  const stores: readonly VariantName['store'][] = ['dynamodb', 'postgres'];
  const newest = stores.map(async (store) => {
    const { profile } = await newestProfile({
      root,
      isOfStack: ({ service }) => service !== undefined,
      isMeant: ({ settings }) => nameOfSettings(settings ?? {}).store === store,
    });
    return profile === null ? [] : tasksProfile(profile);
  });
  return (await Promise.all(newest)).flat();
}

/** That of a store first: rows of one cost a task something else than those of the other. */
export const inOrderFor = (store: VariantName['store'], profiles: readonly TasksProfile[]): TasksProfile[] =>
  profiles.toSorted((a, b) => Number(b.name.store === store) - Number(a.name.store === store));

/**
 * What a run keeps of the profile by which its report calculates: the one that was named, else the newest valid one in `root`, of its own store if there is one. Null: there is none, or the
 * settings are of functions.
 * @throws UsageError for one that was named and has nothing of tasks.
 */
export async function tasksProfileFor(
  { compute, store }: Pick<StackSettings, 'compute' | 'store'>,
  given?: ProfileRecord,
  root?: string,
): Promise<NonNullable<RunRecord['tasksProfile']> | null> {
  if (compute !== 'server') return null;
  const [profile] = given === undefined ? inOrderFor(store, await readTasksProfiles(root)) : tasksProfile(given);
  if (profile === undefined && given !== undefined)
    throw new UsageError(
      `--profile is ${given.profileId}, which did not measure what tasks use: leave it out, or measure one with loadline profile.`,
    );
  if (profile === undefined) return null;
  const { costs, measured } = profile;
  return { profileId: measured.profileId, on: measured.on, costs };
}

/** Empty: its tasks were not measured. */
function tasksProfile(record: ProfileRecord): TasksProfile[] {
  const [costs, measured] = [profiledServiceCosts(record), measuredInProfile(record)];
  if (costs === null || measured === null) return [];
  const { profileId, target } = record;
  return [
    {
      ...{ name: nameOfSettings(record.settings ?? {}), costs, record },
      measured: { ...measured, profileId, on: target.kind },
    },
  ];
}
