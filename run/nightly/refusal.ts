/** Why an entry of a suite cannot be run, in words. Pure. */
import type { Entry } from './suite.ts';

export const refusalSentence = ({ name }: Pick<Entry, 'name'>, reason: string): string =>
  `The entry "${name}" of the suite cannot be run: ${reason}`;

/** What a command said on stderr when it refused its options, without what is of its own help. */
export const withoutHelp = (said: string): string =>
  said
    .split('\n')
    .map((line) => line.replace(/^error: /, '').trim())
    .filter((line) => line !== '' && !line.startsWith('(loadline --help'))
    .join(' ');
