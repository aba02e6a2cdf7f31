/** The newest valid profile of a service of tasks: what each kind of load costs a task. */
import { measuredInProfile, profiledServiceCosts } from '../../capacity/servers/profiled-service-costs.ts';
import type { ServiceCosts } from '../../capacity/servers/service-costs.ts';
import type { VariantName } from '../../capacity/servers/variants.ts';
import type { ProfileRecord } from '../../record/profile.ts';
import type { ProfiledVariant } from '../../reports/choose/measured-variant.ts';
import { nameOfSettings } from '../../scenarios/reference/variants.ts';
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
