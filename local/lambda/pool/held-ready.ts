/** How much of what is provisioned this machine holds. Pure. */
import type { FunctionModel } from '../../template/model.ts';

/**
 * Function name → environments that are kept ready: as many as there is room for beside one for each function that has none provisioned, an environment for
 * each function in turn.
 */
export function heldReady(
  functions: readonly Pick<FunctionModel, 'functionName' | 'provisionedConcurrency'>[],
  maxEnvironments: number,
): Map<string, number> {
  const wanting = functions.filter(({ provisionedConcurrency = 0 }) => provisionedConcurrency > 0);
  const held = new Map<string, number>();
  let room = maxEnvironments - (functions.length - wanting.length);
  for (let each = 1; room > 0; each += 1) {
    const more = wanting.filter(({ provisionedConcurrency = 0 }) => provisionedConcurrency >= each).slice(0, room);
    if (more.length === 0) break;
    for (const { functionName } of more) held.set(functionName, each);
    room -= more.length;
  }
  return held;
}
