/** Names come from plans and scenarios, of any length: what of one fits into a sentence. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most so many characters as people count them; what was cut off is seen by an ellipsis. */
export function shortened(text: string, most = 40): string {
  // No grapheme is shorter than a unit.
  if (text.length <= most) return text;
  const kept: string[] = [];
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length === most)
      return `${kept
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
    kept.push(segment);
  }
  return text;
}
