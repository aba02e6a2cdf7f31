/** Text in lines of a terminal's width. */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** What terminals show in two columns: East Asian scripts, full-width forms, emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const ascii = /^[\x20-\x7e]*$/;

/** Columns that a text takes. */
export function widthOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** Pads to a width. */
export const padded = (text: string, width: number, numeric: boolean): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return numeric ? space + text : text + space;
};

/**
 * The text in lines of at most `columns`, at spaces; the second line on begins with `indent` spaces. A word that no line holds is cut.
 * An infinite width gives one line.
 */
export function wrapped(text: string, columns: number, indent = 0): string[] {
  if (widthOf(text) <= columns) return [text];
  const margin = ' '.repeat(Math.min(indent, Math.max(0, columns - leastWidth)));
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? '';
  let isEmpty = true;
  for (const word of text
    .trim()
    .split(/ +/)
    .flatMap((each) => cut(each, Math.max(1, columns - widthOf(margin))))) {
    if (!isEmpty && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = margin;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** A margin leaves at least as much for text. */
const leastWidth = 20;

/** A word in pieces that fit. */
function cut(word: string, columns: number): string[] {
  if (widthOf(word) <= columns) return [word];
  const pieces: string[] = [''];
  for (const { segment } of graphemes.segment(word)) {
    const last = pieces.at(-1) ?? '';
    if (widthOf(last) + widthOf(segment) > columns) pieces.push(segment);
    else pieces[pieces.length - 1] = last + segment;
  }
  return pieces;
}
