/** What is wrong with the files of a run folder, in sentences. */
import type { Damage } from '../../record/damage.ts';
import { count, plural } from './numbers.ts';
import type { Reason } from './warnings/reason.ts';

/** One sentence: what is wrong, and where. */
export const damageSentence = (damage: Damage): string => `${sentenceOf(damage)}.`;

/** Files that are damaged in one way give one reason: the first place, and how many more there are. */
export function damageReasons(damage: readonly Damage[], next: string): Reason[] {
  const byFile = Map.groupBy(damage, fileOf);
  return [...byFile].map(([file, [first, ...others]]) => {
    const more = others.length > 0 ? ` (and ${plural(others.length, 'more place')})` : '';
    return { code: `damaged.${file}`, sentence: `${first ? sentenceOf(first) : file}${more}.`, next };
  });
}

const fileOf = (damage: Damage): string => (damage.kind === 'disagrees' ? 'artillery.json' : damage.file);

/** Without its full stop. */
function sentenceOf(damage: Damage): string {
  switch (damage.kind) {
    case 'missing':
      return `${damage.file} is missing`;
    case 'unexpected':
      return `${damage.file} was not left by the run: it was added later`;
    case 'changed':
      return `${placeOf(damage)} is not as the ${damage.file === 'search.json' ? 'search' : 'run'} wrote it: it was changed or cut off`;
    case 'cut':
      return `${placeOf(damage)}, its last, is cut off`;
    case 'linesMissing':
      return `${damage.file}: ${plural(damage.count, 'line')} of fleet ${damage.fleet} ${damage.count === 1 ? 'is' : 'are'} missing before line ${damage.line}`;
    case 'lineRepeated':
      return `${placeOf(damage)} is there twice (fleet ${damage.fleet})`;
    case 'lineMoved':
      return `${placeOf(damage)} is not in its place (fleet ${damage.fleet})`;
    case 'totals':
      return `${placeOf(damage)} has totals that the lines of fleet ${damage.fleet} do not add up to`;
    case 'foreign':
      return `${placeOf(damage)} is of another run (${damage.run || 'without a name'})`;
    case 'unreadable':
      return `${damage.file} cannot be read (${damage.reason.replace(/\.$/, '')})`;
    case 'disagrees':
      return `client.ndjson holds ${count(damage.recorded)} ${damage.counter}, but Artillery counted ${count(damage.counted)}: records were lost on one of the two paths`;
  }
}

const placeOf = ({ file, line }: { file: string; line: number | null }): string =>
  line === null ? file : `${file}, line ${line}`;
