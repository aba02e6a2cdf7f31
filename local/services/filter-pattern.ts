/**
 * Filter patterns of CloudWatch Logs for plain text: terms that must be there, `-term` that must not, `?term` of which one must.
 * Patterns for JSON and for fields are refused. Source: CloudWatch Logs user guide, "Filter and pattern syntax", read November 2026. Pure.
 */

/** @returns null for a pattern that is not supported here. */
export function parseFilterPattern(pattern: string): ((message: string) => boolean) | null {
  const trimmed = pattern.trim();
  if (/^[{[%]/.test(trimmed)) return null;
  const terms = [...trimmed.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign = '', quoted, plain]) => ({
    sign,
    text: quoted === undefined ? (plain ?? '') : quoted.replaceAll(/\\(.)/g, '$1'),
  }));
  const all = terms.filter(({ sign }) => sign === '');
  const none = terms.filter(({ sign }) => sign === '-');
  const some = terms.filter(({ sign }) => sign === '?');
  return (message) =>
    all.every(({ text }) => message.includes(text)) &&
    none.every(({ text }) => !message.includes(text)) &&
    (some.length === 0 || some.some(({ text }) => message.includes(text)));
}
