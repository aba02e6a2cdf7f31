/** The throttles of an API's stages, from wherever they are read. Pure. */
import type { Api, StageThrottles, Throttle } from './model.ts';

/** As a property of an API: absent where no stage has any. */
export function throttlesOf(stages: readonly StageThrottles[]): Pick<Api, 'throttles'> {
  const throttles = stages.filter(({ everyRoute, routes }) => everyRoute !== null || Object.keys(routes).length > 0);
  return throttles.length === 0 ? {} : { throttles };
}

/** AWS describes a bucket that is not set as no numbers, or as negative ones. */
export function throttleOf(ratePerSecond: number | undefined, burst: number | undefined): Throttle | null {
  if (ratePerSecond === undefined || burst === undefined || ratePerSecond < 0 || burst < 0) return null;
  return { ratePerSecond, burst };
}
