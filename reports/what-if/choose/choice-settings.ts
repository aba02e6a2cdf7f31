/** The settings of the stacks that are compared, as the page carries them and as the file that `loadline choose` reads. Pure. */
import { type Inputs, readAt } from '../control.ts';
import { type PageSettings, pageSettings } from '../page-settings.ts';
import { settingsEntries } from '../plan-yaml.ts';
import { unitsOfTask } from './choice.ts';

/** Both stores and both kinds of compute are compared: what is not in force for one is for another. */
export function choicePageSettings(settings: PageSettings): PageSettings {
  const { compute, server, database } = settings;
  return { ...pageSettings(settings), compute, database, server: { ...objectIn(server), certificateArn: null } };
}

export function choiceSettingsYaml({ choice }: Inputs, given: PageSettings): string {
  if (choice === undefined) return settingsEntries(given);
  const server = objectIn(given.server);
  const { capacity, instanceType, size, targetCpuPercent, connectionsPerTask, most, maximumPercent } = choice.tasks;
  const tasks = objectIn(readAt(server, ['tasks']));
  const within = (key: string): object => {
    const value = readAt(tasks, [key]);
    return typeof value === 'number' ? { [key]: Math.min(value, most) } : {};
  };
  return settingsEntries({
    ...given,
    server: {
      ...server,
      ...{ capacity, instanceType, ...unitsOfTask(size), targetCpuPercent, connectionsPerTask },
      tasks: { ...tasks, ...within('count'), ...within('least'), most },
      deployment: { ...objectIn(readAt(server, ['deployment'])), maximumPercent },
    },
  });
}

const objectIn = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
