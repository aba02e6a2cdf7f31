/** Names and error texts come from plans, scenarios, services and servers: what of them may be shown. Every renderer goes through here. */

/**
 * What no format can show, and what would change how other text looks: control characters (C0 without tab and line ends, DEL, C1), marks and overrides
 * of text direction, line and paragraph separators, the byte order mark, annotations, and the two that XML has no way to write.
 */
const unprintable = /(?![\t\n\r])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/gu;

/** Each such character, and half of a surrogate pair, becomes U+FFFD: it is seen that something was there. */
export const printable = (text: string): string => text.toWellFormed().replaceAll(unprintable, '\ufffd');

/** In one line: a name cannot add a line of its own. */
export const inOneLine = (text: string): string => printable(text).replaceAll(/\s*[\r\n\t]+\s*/g, ' ');

/** JSON for a terminal: the same value, with such characters as escapes. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
