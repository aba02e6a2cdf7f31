/** The settings of each variant of the reference stack, from somebody's own. */
import type { VariantName } from '../../capacity/servers/variants.ts';
import { usualWayIn, type Way, wayOfName } from '../../scenarios/reference/variants.ts';
import { type StackSettings, settingsSchema } from '../../stack/settings/settings.ts';

/** It needs an address, whose server no stack of Loadline's has. */
const someServer = 'https://server.example';

/** The same stack with functions and another way in or another store; null: its other settings do not allow it. */
export function functionsSettings(settings: StackSettings, way: Partial<Way> = {}): StackSettings | null {
  const ingest = way.ingest ?? settings.ingest;
  const forwardUrl = ingest === 'forward' ? (settings.forwardUrl ?? someServer) : null;
  return parsed(settings, { ...way, compute: 'lambda', forwardUrl });
}

/** The same stack as a service of tasks; null: its other settings do not allow it. */
const serviceSettings = (settings: StackSettings, store: VariantName['store']): StackSettings | null =>
  parsed(settings, { compute: 'server', store, ...usualWayIn, forwardUrl: null });

/** Of a variant that can be measured on this machine. Null: it cannot, or the other settings do not allow it. */
export function settingsOfVariant(settings: StackSettings, name: VariantName): StackSettings | null {
  const way = wayOfName(name);
  if (way === null) return serviceSettings(settings, name.store);
  // Nobody has what a mock answers, and what is behind `forward` is no stack of ours.
  if (name.way === 'mock' || (name.way === 'forward' && settings.forwardUrl === null)) return null;
  return functionsSettings(settings, way);
}

function parsed(settings: StackSettings, changed: Partial<StackSettings>): StackSettings | null {
  const { queue, ...rest } = settings;
  const { visibilityTimeoutSeconds, maxReceiveCount, ...others } = queue;
  const found = settingsSchema.safeParse({
    ...rest,
    ...changed,
    // Of functions and of a service they are other ones, which were not stated either.
    queue: changed.compute === settings.compute ? { ...others, visibilityTimeoutSeconds, maxReceiveCount } : others,
  });
  return found.success ? found.data : null;
}
