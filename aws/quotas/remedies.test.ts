import { describe, expect, test } from 'vitest';
import { type QuotaId, quotaFact, quotaIds } from './table.ts';

describe('each quota says how its limit is moved', () => {
  test.each(quotaIds)('%s', (id) => {
    const { remedies, adjustable, code } = quotaFact(id);
    const last = remedies.at(-1);
    expect(last?.kind === 'redesign' && last.designs.length).toBeGreaterThan(0);
    const [first] = remedies;
    // What AWS raises, it raises by the quota's own code.
    expect(adjustable === 'yes').toBe(first.kind === 'raise' && first.code !== null && first.code === code);
    if (adjustable === 'setting') expect(first.kind).toBe('set');
  });

  test.each<[QuotaId, string, number]>([
    ['accountInvocationRate', 'L-B99A9384', 10],
    ['reservableConcurrency', 'L-B99A9384', 1],
    ['webSocketLifetime', 'L-9ED1E49A', 1],
  ])('the law %s is moved by %s, which gives %d each', (id, code, perUnit) => {
    expect(quotaFact(id).remedies[0]).toMatchObject({ kind: 'raise', code, perUnit });
  });
});

test('a quota is as certain as its sources: the burst of new connections is in one dump only', () => {
  expect(quotaFact('newConnections')).toMatchObject({ confidence: 'H', burstConfidence: 'M' });
  expect(quotaFact('accountThrottle').burstConfidence).toBeUndefined();
});
