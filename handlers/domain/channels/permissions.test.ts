import { describe, expect, it } from 'vitest';
import { allows, permissionsOf, readClaims } from './permissions.ts';

const nothing = { subscribe: [], publish: [], messagesPerSecond: null, recipients: null };

describe('allows', () => {
  it.each([
    [['news'], 'news', true],
    [['news'], 'newsletter', false],
    [['news'], 'new', false],
    [['team.*'], 'team.7', true],
    [['team.*'], 'team.7.chat', true],
    [['team.*'], 'team.', true],
    [['team.*'], 'team', false],
    [['team.*'], 'teams.7', false],
    [['a', 'b'], 'b', true],
    [['*'], 'anything', true],
    [[], 'news', false],
  ])('%j: %s, %s', (patterns, channel, allowed) => {
    expect(allows(patterns, channel)).toBe(allowed);
  });
});

describe('readClaims', () => {
  it('allows nothing that is not named', () => {
    expect(readClaims({})).toEqual(nothing);
    expect(readClaims({ channels: {}, caps: {} })).toEqual(nothing);
    expect(readClaims({ channels: { publish: ['a'] } })).toEqual({ ...nothing, publish: ['a'] });
  });

  it.each([
    ['channels as a list', { channels: ['news'] }],
    ['channels as null', { channels: null }],
    ['an unknown kind, which may have been a restriction', { channels: { subscribe: ['*'], deny: ['secret'] } }],
    ['a pattern that is no text', { channels: { publish: [7] } }],
    ['an empty pattern', { channels: { publish: [''] } }],
    ['a * that is not at the end', { channels: { publish: ['a*b'] } }],
    ['two *', { channels: { publish: ['a**'] } }],
    ['a space, which would make two patterns of it', { channels: { publish: ['a *'] } }],
    ['a pattern longer than a channel', { channels: { publish: ['x'.repeat(129)] } }],
    ['a cap of 0', { caps: { recipients: 0 } }],
    ['a negative cap', { caps: { messagesPerSecond: -1 } }],
    ['a cap as text', { caps: { messagesPerSecond: '5' } }],
    ['an endless cap', { caps: { recipients: Number.POSITIVE_INFINITY } }],
    ['an unknown cap', { caps: { bytes: 5 } }],
  ])('refuses %s', (_name, claims) => {
    expect(readClaims(claims)).toBeNull();
  });
});

it('an event without a context allows nothing, and its token has expired', () => {
  expect(permissionsOf({ principalId: 'ann' })).toEqual({ ...nothing, expiresAtSeconds: 0 });
});
