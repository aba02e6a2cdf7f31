// biome-ignore-all lint/suspicious/noControlCharactersInRegex: the sequences of a terminal
import { expect, test } from 'vitest';
import { Panel } from './panel.ts';

/** What a terminal shows after these writes: the sequences that the panel uses, and nothing else. */
function screenAfter(writes: readonly string[]): string[] {
  const lines = [''];
  let row = 0;
  for (const [, moved, erased, end, text = ''] of writes
    .join('')
    .matchAll(/\u001b\[(\d+)A|(\u001b\[J)|(\n)|([^\u001b\n]+)/g)) {
    if (moved !== undefined) row -= Number(moved);
    else if (erased !== undefined) lines.splice(row, lines.length, '');
    else if (end !== undefined) {
      row++;
      lines[row] ??= '';
    } else lines[row] += text;
  }
  return lines;
}

test('it is written anew in place, and lines go above it', () => {
  const writes: string[] = [];
  const panel = new Panel(
    (text) => writes.push(text),
    () => 80,
  );
  panel.above('first\n');
  panel.show(['a 1', 'b 1']);
  panel.show(['a 2']);
  panel.above('second\n');
  expect(screenAfter(writes)).toEqual(['first', 'second', 'a 2', '']);
  panel.show(['a 3', 'b 3']);
  panel.clear();
  panel.above('third\n');
  expect(screenAfter(writes)).toEqual(['first', 'second', 'third', '']);
});

test('no line is as wide as the terminal, and none moves the cursor', () => {
  const writes: string[] = [];
  new Panel(
    (text) => writes.push(text),
    () => 30,
  ).show([`${'x'.repeat(50)}`, 'a\u001b[2Jb']);
  expect(screenAfter(writes)[0]).toHaveLength(29);
  expect(writes.join('')).not.toContain('\u001b[2J');
});
