import type { FleetHooks } from '../../hooks.ts';

/** Imports a module of hooks. Throws an Error whose message is a sentence if it cannot be imported or exports no hook. */
export async function loadHooks(moduleUrl: string | null): Promise<FleetHooks> {
  if (moduleUrl === null) return {};
  let exported: Record<string, unknown>;
  try {
    exported = (await import(moduleUrl)) as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`hooks: ${moduleUrl} could not be imported: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  const hooks: FleetHooks = {};
  for (const name of ['buildMessage', 'readFrame'] as const) {
    const hook = exported[name];
    if (hook === undefined) continue;
    if (typeof hook !== 'function') throw new Error(`hooks: ${name} of ${moduleUrl} is not a function.`);
    Object.assign(hooks, { [name]: hook });
  }
  if (Object.keys(hooks).length === 0)
    throw new Error(`hooks: ${moduleUrl} exports neither buildMessage nor readFrame.`);
  return hooks;
}
