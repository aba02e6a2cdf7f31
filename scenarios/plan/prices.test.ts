import { expect, test } from 'vitest';
import { priceOf, usEast1Prices } from '../../aws/prices.ts';
import { parsePrices } from './prices.ts';

const milan = `region: eu-south-1
webSocketMessage:
  source: AWS Price List
  date: 2026-11-01
  tiers:
    - { upTo: 1000000000, usd: 0.00000117 }
    - { upTo: null, usd: 0.00000094 }
`;

test('the prices of a file replace the built-in ones, tier by tier; the others stay, by name', () => {
  const parsed = parsePrices(milan, 'prices.yml');
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join());
  expect(parsed.prices.region).toBe('eu-south-1');
  expect(priceOf(2e9, parsed.prices.webSocketMessage)).toBeCloseTo(1_170 + 940, 6);
  expect(parsed.prices.webSocketMessage).toMatchObject({ date: '2026-11-01', source: 'AWS Price List' });
  expect(parsed.prices.sqsRequest).toEqual(usEast1Prices.sqsRequest);
  expect(parsed.fromDefaults).toEqual(expect.arrayContaining(['sqsRequest', 'sqsPollerHour']));
  expect(parsed.fromDefaults).not.toContain('webSocketMessage');
});

test.each([
  ['an unknown price', milan.replace('webSocketMessage', 'webSocketMessages'), 'webSocketMessage'],
  ['no end', milan.replace('upTo: null', 'upTo: 2000000000'), 'expected null in the last tier'],
  ['tiers out of order', milan.replace('upTo: 1000000000', 'upTo: -5'), 'prices.yml:6'],
  ['no source', milan.replace('  source: AWS Price List\n', ''), 'source'],
])('refused, with the line: %s', (_, text, message) => {
  const parsed = parsePrices(text, 'prices.yml');
  expect(parsed.kind === 'invalid' && parsed.problems.join('\n')).toContain(message);
});
