/** Stages that are logged, or whose routes have metrics of their own, from wherever they are read. Pure. */
import type { Api } from './model.ts';

export interface ObservedStage {
  stage: string;
  accessLogs: boolean;
  routeMetrics: boolean;
}

/** As properties of an API: absent where no stage has any. */
export function observedStages(stages: readonly ObservedStage[]): Pick<Api, 'accessLogs' | 'routeMetrics'> {
  const [logged, measured] = (['accessLogs', 'routeMetrics'] as const).map((what) =>
    stages.filter((each) => each[what]).map(({ stage }) => stage),
  );
  return {
    ...(logged?.length && { accessLogs: logged }),
    ...(measured?.length && { routeMetrics: measured }),
  };
}
