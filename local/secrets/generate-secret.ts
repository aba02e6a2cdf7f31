/** GenerateSecretString: a random password from the requested alphabet. The random source is an argument. */
import type { GenerateSecretModel } from '../template/model.ts';

const lowercase = 'abcdefghijklmnopqrstuvwxyz';
const numbers = '0123456789';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** `randomInt(n)` returns a whole number from 0 to n − 1. Throws if the exclusions leave no character. */
export function generateSecret(request: GenerateSecretModel, randomInt: (bound: number) => number): string {
  const alphabet = [
    request.excludeLowercase ? '' : lowercase,
    request.excludeUppercase ? '' : lowercase.toUpperCase(),
    request.excludeNumbers ? '' : numbers,
    request.excludePunctuation ? '' : punctuation,
    request.includeSpace ? ' ' : '',
  ].join('');
  const allowed = [...alphabet].filter((character) => !request.excludeCharacters.includes(character));
  if (allowed.length === 0) throw new Error('GenerateSecretString excludes every character.');
  let password = '';
  for (let index = 0; index < request.length; index++) password += allowed[randomInt(allowed.length)] ?? '';
  if (request.secretStringTemplate === null || request.generateStringKey === null) return password;
  return JSON.stringify({ ...JSON.parse(request.secretStringTemplate), [request.generateStringKey]: password });
}
