// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/**
 * Texts with placeholders such as `${id}`, taken apart once: to fill one in, no character of it is looked at again. Other uses of `$` and braces stay as
 * they are.
 */

const placeholder = /\$\{([\w.]+)\}/g;

/** What a placeholder stands for; undefined: it is unknown, and stays as it is. */
export type ValueOf<Of> = (name: string) => ((of: Of) => string) | undefined;

export type Fill<Of> = (of: Of) => string;

/** For URLs: each value is one piece of its path or query, whatever characters it has (RFC 3986, 2.1). */
export const inUrl =
  <Of>(fillOf: ValueOf<Of>): ValueOf<Of> =>
  (name) => {
    const value = fillOf(name);
    return value && ((of) => encodeURIComponent(value(of)));
  };

export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(placeholder)].map(([, name = '']) => name);
}

export function compileTemplate<Of>(template: string, fillOf: ValueOf<Of>): Fill<Of> {
  const parts: { text: string; value: Fill<Of> }[] = [];
  let text = '';
  let from = 0;
  for (const match of template.matchAll(placeholder)) {
    text += template.slice(from, match.index);
    from = match.index + match[0].length;
    const value = fillOf(match[1] ?? '');
    if (value === undefined) text += match[0];
    else {
      parts.push({ text, value });
      text = '';
    }
  }
  const end = text + template.slice(from);
  if (parts.length === 0) return () => end;
  return (of) => {
    let filled = '';
    for (const part of parts) filled += part.text + part.value(of);
    return filled + end;
  };
}
