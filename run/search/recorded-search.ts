/** A search read from its folder, where nothing in it was damaged since. */
import { join } from 'node:path';
import type { Damage } from '../../record/damage.ts';
import { RunFileError } from '../../record/json-file.ts';
import { damageSentence } from '../../reports/analysis/damage.ts';
import { plural } from '../../reports/analysis/numbers.ts';
import { DamagedError, UsageError } from '../errors.ts';
import { readSearch, type SearchRecord, searchFileName, trialDamage } from './search-folder.ts';

/**
 * `next`: what the caller may do instead, as a sentence.
 * @throws UsageError when there is no search, or one of another version; DamagedError, which names file and line, when search.json or a trial's folder was damaged.
 */
export async function readRecordedSearch(folder: string, next: string): Promise<SearchRecord> {
  const search = await readSearch(folder).catch((cause: unknown) => {
    if (!(cause instanceof RunFileError)) throw cause;
    if (cause.problem !== 'damaged') throw new UsageError(`${cause.message} ${next}`, { cause });
    throw damaged(folder, [{ kind: 'changed', file: searchFileName, line: cause.line }], next);
  });
  const damage = await trialDamage(folder, search);
  if (damage.length > 0) throw damaged(folder, damage, next);
  return search;
}

function damaged(folder: string, [first, ...others]: readonly Damage[], next: string): DamagedError {
  const what = first ? damageSentence(first).slice(0, -1) : searchFileName;
  const more = others.length > 0 ? ` (and ${plural(others.length, 'more place')})` : '';
  return new DamagedError(
    `The search ${folder} was damaged since: ${what}${more}. Nothing can be said from it: restore ${join(folder, '/')} from a copy. ${next}`,
  );
}
