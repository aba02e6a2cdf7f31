import { expect, test } from 'vitest';
import { WholeLines } from './whole-lines.ts';

function received() {
  const texts: string[] = [];
  return { texts, lines: new WholeLines((text) => texts.push(text)) };
}

test('pieces of a line arrive as one, and several lines together', () => {
  const { texts, lines } = received();
  for (const piece of ['said', ' ', 'hi', '\n', 'a\nb\n\nhal', 'f\n']) lines.take(piece);
  expect(texts).toEqual(['said hi\n', 'a\nb\n\n', 'half\n']);
});

test('what has no end is handed over when asked for, once', () => {
  const { texts, lines } = received();
  lines.take('a\nwaiting …');
  lines.flush();
  lines.flush();
  lines.take(' done\n');
  expect(texts).toEqual(['a\n', 'waiting …', ' done\n']);
});

test('a line that does not end is not kept for ever', () => {
  const { texts, lines } = received();
  for (let piece = 0; piece < 3; piece++) lines.take('x'.repeat(100_000));
  expect(texts.map((text) => text.length)).toEqual([300_000]);
});
