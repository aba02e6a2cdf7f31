/** Settings for an answer that is about functions and their quotas. */
import { type StackSettings, settingsSchema } from '../../stack/settings/settings.ts';
import { UsageError } from '../errors.ts';
import { readYamlFile } from '../input-file.ts';

/** Undefined without a file. @throws UsageError for a file that cannot be read, and for settings of a service of tasks. */
export function readFunctionsSettings(path: string | undefined): StackSettings | undefined {
  if (path === undefined) return undefined;
  const settings = readYamlFile(path, 'settings file', settingsSchema);
  if (settings.compute === 'server')
    throw new UsageError(
      `${path}: compute server is a service of tasks, and quotas of API Gateway and Lambda do not apply to it. \`loadline choose\` says what binds in it, and what it costs.`,
    );
  return settings;
}
