// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileTemplate, placeholdersOf } from './template.ts';

const fillOf = (name: string) =>
  name === 'a' || name === 'b.c' ? (of: Record<string, string>) => of[name] ?? '' : undefined;

test.each([
  ['', ''],
  ['nothing', 'nothing'],
  ['${a}', '1'],
  ['x${a}${b.c}y${a}', 'x1${a}y1'],
  // What is unknown, and what only looks like a placeholder, stays.
  ['${d} $ {a} ${} {a} $5', '${d} $ {a} ${} {a} $5'],
])('%s', (template, filled) => {
  // A value that looks like a placeholder is not filled in again.
  expect(compileTemplate(template, fillOf)({ a: '1', 'b.c': '${a}' })).toBe(filled);
});

test('is what replacing each placeholder gives', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom('${a}', '${b.c}', '${zz}', '$', '{', '}'));
  fc.assert(
    fc.property(fc.array(piece), fc.string(), (pieces, value) => {
      const template = pieces.join('');
      const naive = template.replaceAll(/\$\{(a|b\.c)\}/g, () => value);
      expect(compileTemplate(template, fillOf)({ a: value, 'b.c': value })).toBe(naive);
    }),
  );
});

test('placeholders are named in order', () => {
  expect(placeholdersOf('${b.c} ${a} ${ a } ${b.c}')).toEqual(['b.c', 'a', 'b.c']);
});
