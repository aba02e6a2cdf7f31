/** Text that a target sent, fit to be shown in a report: short, on one line, and without what may be a secret. Pure. */

/** Characters of a frame or a reason that are kept: enough to see what it is. */
export const maxShownLength = 120;

/** Looked at before anything is cut: a secret that the cut would halve is still recognised. */
const maxReadLength = 1_000;

const hidden = '[hidden]';

/** C0 and C1 controls, line and paragraph separators, the marks that reverse text, and what is no character: none may reach a terminal or XML. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\uFFFE\uFFFF]+/gu;

/** Values of names that hold secrets, in JSON, in a query and in a header: `"access_token":"…"`, `sid=…`, `Authorization: Bearer …`. */
const namedSecret =
  /((?:token|secret|password|passwd|pwd|authorization|api[-_]?key|session|cookie|credentials?|jwt|\bsid|signature)[\w-]*["']?\s*[:=]\s*["']?)((?:Bearer|Basic)\s+)?[^\s"'&,;})\]]+/gi;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi;
/** JSON Web Tokens, and any other run of characters that is too long for a word: keys, digests, session ids. */
const longRun = /[A-Za-z0-9_+/=-]{28,}(?:\.[A-Za-z0-9_+/=-]+)*|\beyJ[\w-]*\.[\w.-]+/g;

/** At most {@link maxShownLength} characters and `…` where more was cut off. */
export function shownText(text: string): string {
  const clean = text
    .slice(0, maxReadLength)
    .replace(unprintable, ' ')
    .replace(namedSecret, (_all, name: string) => `${name}${hidden}`)
    .replace(bearer, (_all, scheme: string) => `${scheme} ${hidden}`)
    .replace(longRun, hidden)
    .trim();
  const characters = [...clean];
  const isCut = characters.length > maxShownLength || text.length > maxReadLength;
  return isCut ? `${characters.slice(0, maxShownLength).join('').trimEnd()}…` : clean;
}

/** A binary frame as its size and its first bytes. */
export function shownBytes(bytes: Buffer, start: number, end: number): string {
  const shown = bytes.toString('hex', start, Math.min(end, start + maxShownBytes)).replace(/..(?!$)/g, '$& ');
  return `binary, ${end - start} bytes: ${shown}${end - start > maxShownBytes ? ' …' : ''}`;
}
const maxShownBytes = 12;
