/** HTML and XML from a tagged template that escapes whatever it is given, so that no place can forget to. */
import { printable } from './printable.ts';

/** Text that is already markup. Made by {@link markup} and, where a library has escaped it, by {@link trusted}. */
export class Markup {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
  toString(): string {
    return this.source;
  }
}

/** What a template takes: text and numbers are escaped, markup is not, lists are joined; null is nothing. */
export type Content = string | number | Markup | null | readonly Content[];

/** `` markup`<td class="${kind}">${text}</td>` ``: in text and in attributes between double quotes, alike in HTML and XML. */
export function markup(strings: TemplateStringsArray, ...contents: Content[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...contents.map(sourceOf)));
}

/** Trusted markup from elsewhere: never text from a plan, a service or a user, unless a library has escaped it. */
export const trusted = (source: string): Markup => new Markup(printable(source));

/** Parts with a separator between them, which may be markup or a line break. */
export const joined = (parts: readonly Content[], separator: string): Markup =>
  new Markup(parts.map(sourceOf).join(separator));

function sourceOf(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.source;
  if (typeof content === 'object') return content.map(sourceOf).join('');
  return printable(String(content)).replaceAll(/[&<>"'\r\n\t]/g, (character) => entities[character] ?? character);
}

/** Line breaks too: XML turns them into spaces in an attribute. */
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};
