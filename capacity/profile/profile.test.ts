import { expect, test } from 'vitest';
import { type LoadKind, loadKinds } from '../demand/coefficients.ts';
import { type LoadPhase, profileOf, type Stretch } from './profile.ts';

type Units = Partial<Record<LoadKind, number>>;
/** A stack with these costs, which the profile must find. */
const writes: Record<LoadKind, number> = { connect: 1, disconnect: 2, message: 0, webhook: 2, push: 0.5 };

const stretch = (some: Units, extra = 0): Stretch => {
  const units = { connect: 0, disconnect: 0, message: 0, webhook: 0, push: 0, ...some };
  const use = loadKinds.reduce((sum, kind) => sum + units[kind] * writes[kind], extra);
  return { units, use: new Map([['dynamodb.Rows.writeUnits', use]]) };
};
const phase = (kind: LoadPhase['kind'], whole: Units, extra = 0): LoadPhase => ({
  kind,
  whole: stretch(whole, extra),
  batches: [10, 20, 30, 40].map((n) => stretch(Object.fromEntries(Object.keys(whole).map((each) => [each, n])))),
});
const apart = [
  phase('connect', { connect: 100 }),
  phase('disconnect', { disconnect: 100 }),
  // Messages and webhooks need connections, whose cost is known.
  phase('message', { connect: 20, disconnect: 20, message: 500 }),
  phase('webhook', { connect: 1, disconnect: 1, webhook: 300 }),
  phase('push', { connect: 20, disconnect: 20, webhook: 300, push: 450 }),
];
const costOf = (kind: LoadKind, phases = apart) => profileOf(phases).costs.get(kind)?.get('dynamodb.Rows.writeUnits');

test.each(loadKinds)('the cost of a %s is found', (kind) => {
  const cost = costOf(kind);
  if (cost?.kind !== 'value') throw new Error('expected a value');
  expect(cost.value).toBeCloseTo(writes[kind], 12);
  expect(cost.margin).toBeCloseTo(0, 12);
});

test('a mixed phase of the same stack adds up; one that costs more does not, and by how much is said', () => {
  const mix = { connect: 5, message: 100, webhook: 50, push: 60 };
  const [fits] = profileOf([...apart, phase('mixed', mix)]).sums;
  expect(fits).toMatchObject({ expected: 5 + 100 + 30, measured: 135, addsUp: true });
  const [interferes] = profileOf([...apart, phase('mixed', mix, 20)]).sums;
  expect(interferes).toMatchObject({ expected: 135, measured: 155, addsUp: false });
});

test('messages and webhooks of several routes are known apart, with pushes of their own, and a mixed phase of all adds up', () => {
  const own: Record<string, number> = {
    ...writes,
    message: 1,
    'message leave': 7,
    'webhook POST /b': 5,
    'push POST /b': 3,
  };
  const of = (units: Record<string, number>): Stretch => ({
    units,
    use: new Map([['x.y.z', Object.entries(units).reduce((sum, [key, n]) => sum + n * (own[key] ?? 0), 0)]]),
  });
  const each = (kind: LoadPhase['kind'], beside: Record<string, number> = {}): LoadPhase => ({
    kind,
    whole: of({ ...beside, [kind]: 100 }),
    batches: [10, 20, 30, 40].map((n) => of({ [kind]: n })),
  });
  const alone = [
    ...(['connect', 'disconnect', 'message', 'message leave'] as const).map((kind) => each(kind, { connect: 0 })),
    // In the order of the trials: pushes of the first come before webhooks of the second.
    ...[each('webhook'), each('push', { webhook: 60 })],
    ...[each('webhook POST /b'), each('push POST /b', { 'webhook POST /b': 60 })],
  ];
  const mix = {
    connect: 5,
    message: 30,
    'message leave': 10,
    webhook: 20,
    'webhook POST /b': 40,
    push: 25,
    'push POST /b': 50,
  };
  const mixed: LoadPhase = { kind: 'mixed', whole: of(mix), batches: [] };
  const { costs, sums } = profileOf([...alone, mixed]);
  const found = Object.fromEntries([...costs].map(([key, figures]) => [key, figures.get('x.y.z')]));
  for (const [key, value] of Object.entries(own))
    expect([key, found[key]]).toEqual([key, expect.objectContaining({ value })]);
  expect(sums).toEqual([expect.objectContaining({ measured: mixed.whole.use.get('x.y.z'), addsUp: true })]);
  // One of them is not known: then the sum is not, either.
  expect(profileOf([...alone.filter(({ kind }) => kind !== 'push POST /b'), mixed]).sums).toEqual([]);
});

test('what came beside another load of unknown cost is unknown', () => {
  const without = apart.filter(({ kind }) => kind !== 'webhook');
  expect(costOf('push', without)).toEqual({
    kind: 'unknown',
    reason: 'What a webhook costs is not known, and there were some beside it.',
  });
});

test('beside one whose cost could not be told, a cost is unknown too, and no sum is made of it', () => {
  const early = [
    // One closed while the others were opened: what a connect costs cannot be told.
    phase('connect', { connect: 100, disconnect: 1 }),
    ...apart.slice(1),
    phase('mixed', { connect: 5, message: 100 }),
  ];
  expect(costOf('connect', early)?.kind).toBe('unknown');
  expect(costOf('message', early)).toEqual({
    kind: 'unknown',
    reason: 'What a connect costs is not known, and there were some beside it.',
  });
  expect(profileOf(early).sums).toEqual([]);
  // Without any of it, the sum is one.
  expect(profileOf([phase('disconnect', { disconnect: 50 }), phase('mixed', { disconnect: 9 })]).sums).toHaveLength(1);
});

test('without a margin, a sum that is off says nothing', () => {
  const few = apart.map((each) => ({ ...each, batches: each.batches.slice(0, 2) }));
  const sumWith = (extra: number) => profileOf([...few, phase('mixed', { connect: 100 }, extra)]).sums[0];
  expect(sumWith(0)).toMatchObject({ margin: null, addsUp: true });
  expect(sumWith(50)).toMatchObject({ margin: null, addsUp: null });
});
