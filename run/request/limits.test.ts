import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLimits } from './limits.ts';

describe('options of quotas', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'loadline-limits-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (text: string) => {
    const path = join(folder, 'limits.yml');
    writeFileSync(path, text);
    return path;
  };

  test('without any there is nothing to set', () => {
    expect(readLimits({ limit: [] })).toBeUndefined();
  });

  test('a single limit overrides the file, and so does a scale; only what was given is set', () => {
    const limits = file('quotaScale: 0.5\nnewConnections:\n  ratePerSecond: 50\n  burst: 60\n');
    const limit = ['newConnections.burst=7', 'cpuByMemory=true', 'dynamodbTimeToLiveDelayMs=null'];
    expect(readLimits({ limits, limit, quotaScale: 0.01, timeScale: 60 })).toEqual({
      quotaScale: 0.01,
      timeScale: 60,
      newConnections: { ratePerSecond: 50, burst: 7 },
      cpuByMemory: true,
      dynamodbTimeToLiveDelayMs: null,
    });
  });

  test('a mistake in the file has its line and column, and the key that was meant', () => {
    const limits = file('accountTrottle:\n  burst: 5\nnewConnections:\n  ratePerSecond: none\n');
    expect(() => readLimits({ limits, limit: [] })).toThrow(
      [
        `${limits}:1:1: unknown key "accountTrottle". Did you mean "accountThrottle"?`,
        `${limits}:4:18: newConnections.ratePerSecond: expected a number, found "none".`,
      ].join('\n'),
    );
  });

  test.each([
    ['newConnections', '--limit newConnections: expected name=value, as in accountThrottle.ratePerSecond=100.'],
    ['newConnections.bust=5', '--limit newConnections.bust=5: unknown key "bust". Did you mean "burst"?'],
    [
      'newConnections.burst=0',
      '--limit newConnections.burst=0: newConnections.burst: expected a number above 0, found 0.',
    ],
    ['newConnections=5', '--limit newConnections=5: newConnections: expected keys and values, found 5.'],
    ['accountConcurrency=', '--limit accountConcurrency=: accountConcurrency: expected a number, found null.'],
  ])('--limit %s is one sentence', (text, sentence) => {
    expect(() => readLimits({ limit: [text] })).toThrow(sentence);
  });

  test('a scale out of range names its option', () => {
    expect(() => readLimits({ limit: [], timeScale: 0.5 })).toThrow(
      '--time-scale 0.5: timeScale: expected a number of at least 1, found 0.5.',
    );
  });
});
