/** What a token may say: its user, its channels, and how long it is valid. */
import { InvalidArgumentError } from 'commander';
import { number } from './values.ts';

const userPattern = /^[A-Za-z0-9._~-]{1,128}$/;

export function userId(text: string): string {
  if (userPattern.test(text)) return text;
  throw new InvalidArgumentError(`"${text}" is not a user id: use 1 to 128 characters of A-Z a-z 0-9 . _ ~ -`);
}

export const defaultHours = 2;
/** Ten years: beyond any, and within what a date can say. */
const mostHours = 87_600;
export const hours = (text: string): number =>
  number(text, (value) => value > 0 && value <= mostHours, `hours above 0 and at most ${mostHours}`);

/** Of every command that is not told otherwise: whoever has the secret may allow anything. */
export const everyChannel = ['*'];
const channelPattern = /^(?:[A-Za-z0-9._~-]{1,128}|[A-Za-z0-9._~-]{0,128}\*)$/;
export function channelOption(value: string, previous: string[]): string[] {
  if (!channelPattern.test(value)) {
    throw new InvalidArgumentError(
      `Expected 1 to 128 characters of A-Z a-z 0-9 . _ ~ -, or the beginning of a name and *, got "${value}".`,
    );
  }
  return previous === everyChannel ? [value] : [...previous, value];
}
