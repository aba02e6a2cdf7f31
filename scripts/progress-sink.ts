/** Shows how a load goes on: a panel on a terminal, one line a step elsewhere. */
import { Progress, type ProgressOf } from '../reports/progress/progress.ts';
import type { ProgressSink } from '../run/load/progress.ts';
import { targetCores } from '../run/load/target-cores.ts';
import type { Terminal } from './terminal.ts';

export interface ShownProgress extends ProgressOf {
  /** A target that this command starts: its CPU is known. */
  isOwnTarget: boolean;
  /** Above the panel: the search that the run is a trial of. */
  headline?: () => string;
}

export function progressSink({ isOwnTarget, headline, ...of }: ShownProgress, terminal: Terminal): ProgressSink {
  const progress = new Progress(of, isOwnTarget ? targetCores() : () => null);
  const { panel, say } = terminal;
  if (panel === undefined)
    return {
      add(second) {
        const line = progress.add(second);
        if (line !== null) say(line);
      },
      end() {
        const line = progress.end();
        if (line !== null) say(line);
      },
    };
  return {
    add(second) {
      progress.add(second);
      panel.show([...(headline ? [headline()] : []), ...progress.panel(panel.columns)]);
    },
    end: () => panel.clear(),
  };
}
