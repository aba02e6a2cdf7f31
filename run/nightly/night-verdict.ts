/** How a night ended, by rule. Pure. */
import { type JudgedHistory, openRegressions } from '../../history/judged-history.ts';
import type { Line } from '../../history/line.ts';
import { entryOf } from '../../history/series.ts';

export interface NightVerdict {
  /** `broken`: an SLO of tonight. `regression`: a confirmed one, of tonight or not accepted since. `invalid`: something that could not be measured. */
  kind: 'ok' | 'broken' | 'regression' | 'invalid';
  /** Entries whose SLO is broken, with the sentence. */
  broken: { entry: string; sentence: string }[];
  invalid: { entry: string; reason: string }[];
}

/** What is known to be bad comes before what is not known. */
export function nightVerdict(lines: readonly Line[], { series }: Pick<JudgedHistory, 'series'>): NightVerdict {
  const once = <T>(pick: (line: Line) => T | null): T[] => {
    const byEntry = new Map<string, T>();
    for (const line of lines.filter(({ role }) => role === 'night')) {
      const picked = pick(line);
      if (picked !== null && !byEntry.has(entryOf(line.series))) byEntry.set(entryOf(line.series), picked);
    }
    return [...byEntry.values()];
  };
  const broken = once(({ series: name, sloBroken }) =>
    sloBroken === null ? null : { entry: entryOf(name), sentence: sloBroken },
  );
  const invalid = once(({ series: name, invalid: reason }) =>
    reason === null ? null : { entry: entryOf(name), reason },
  );
  const isWorse = series.some((each) => openRegressions(each).length > 0);
  const kind = broken.length > 0 ? 'broken' : isWorse ? 'regression' : invalid.length > 0 ? 'invalid' : 'ok';
  return { kind, broken, invalid };
}
