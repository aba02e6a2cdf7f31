import { expect, test } from 'vitest';
import type { GenerateSecretModel } from '../template/model.ts';
import { generateSecret } from './generate-secret.ts';

const request: GenerateSecretModel = {
  length: 64,
  excludeCharacters: '',
  excludeLowercase: false,
  excludeUppercase: false,
  excludeNumbers: false,
  excludePunctuation: true,
  includeSpace: false,
  secretStringTemplate: null,
  generateStringKey: null,
};

test('the alphabet is everything not excluded', () => {
  let next = 0;
  const every = (bound: number) => next++ % bound;
  expect(generateSecret({ ...request, length: 62 }, every)).toBe(
    'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  );
  expect(generateSecret({ ...request, excludeCharacters: 'abc', length: 1 }, () => 0)).toBe('d');
});

test('a template receives the generated value under its key', () => {
  const templated = { ...request, length: 2, secretStringTemplate: '{"user":"u"}', generateStringKey: 'password' };
  expect(generateSecret(templated, () => 0)).toBe('{"user":"u","password":"aa"}');
});

test('exclusions that leave no character are refused', () => {
  const nothing = { ...request, excludeLowercase: true, excludeUppercase: true, excludeNumbers: true };
  expect(() => generateSecret(nothing, () => 0)).toThrow('excludes every character');
});
