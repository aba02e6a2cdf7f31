/** What a load whose tabs ask over HTTP needs of its target: the setting `fallback`. */
import { parseSettings, type StackSettings } from '../../stack/settings/settings.ts';
import { UsageError } from '../errors.ts';
import type { TargetChoice } from '../target/running-target.ts';

/**
 * The settings of a local target with the fallback, where no settings file says otherwise: it is off by default, and the load is about it.
 * @param file the settings file that was given.
 * @throws UsageError when that file has none.
 */
export function withFallback(settings: StackSettings, name: string, file: string | undefined): StackSettings {
  if (settings.fallback !== null) return settings;
  if (file === undefined) return { ...settings, fallback: parseSettings({ fallback: {} }).fallback };
  throw new UsageError(
    `${name} has tabs that ask over HTTP, and the stack of ${file} serves them nothing: add "fallback: {}" to it, or leave out --settings.`,
  );
}

/** `given`: the variable fallbackUrl of the scenario. @throws UsageError when a target that is already up, or an endpoint, serves nothing over HTTP. */
export function checkServesTabs(target: TargetChoice, name: string, given: unknown): void {
  if (target.kind === 'local' || (given !== undefined && given !== '')) return;
  if (target.kind === 'given' && target.description.fallbackUrl !== undefined) return;
  throw new UsageError(
    target.kind === 'given'
      ? `${name} has tabs that ask over HTTP, and the target serves them nothing: deploy it with the setting "fallback: {}".`
      : `${name} has tabs that ask over HTTP: give --variable fallbackUrl=https://…, below which your stack serves /config and /events as docs/reference/protocol.md says.`,
  );
}
