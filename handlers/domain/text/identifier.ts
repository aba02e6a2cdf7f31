/** Ids that others choose: they become keys of the table, parts of frames, and lines of logs. */

/**
 * Control characters, which forge log lines, and unpaired surrogates, which UTF-8 cannot hold: as keys of the table they would all become
 * U+FFFD, and so the same.
 */
const unfit = /[\p{Cc}\p{Cs}]/u;

/** A text of 1 to `maxLength` UTF-16 units without unfit characters. */
export const isIdentifier = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= maxLength && !unfit.test(value);

/** For error messages, after the name of the field. */
export const identifierRule = (maxLength: number): string =>
  `must be a string of 1 to ${maxLength} characters, without control characters or unpaired surrogates.`;
