import { expect, test } from 'vitest';
import { renderText } from '../../render/text.ts';
import { searchDocument } from './search-document.ts';
import type { SearchSummary } from './search-summary.ts';

const search: SearchSummary = {
  target: 'local',
  unit: 'messages/s',
  kind: 'found',
  ...{ lower: 495, upper: 510, max: 6_400 },
  bottleneck: {
    kind: 'quota',
    ...{ quota: 'newConnections', scope: null, refusals: 25, refusalsBelow: 0 },
    others: [],
    broken: ['Errors were 2%; the plan allows 0.1%.'],
  },
  sustained: { kind: 'same' },
  trials: [{ load: 495, purpose: 'verification', passed: true, sentence: 'ok' }],
  steadySeconds: 60,
};

test('a search that found its limit names what binds: by AWS’s name in the verdict, with its refusals below', () => {
  const text = renderText(searchDocument(search));
  expect(text).toMatch(
    /^The local target \(this machine, not AWS\) carries 495 messages\/s within its SLO, but not 510 messages\/s: “WebSocket new connections rate” binds\.\n/,
  );
  expect(text).toContain(`Bottleneck
  WebSocket new connections rate refused 25 requests per trial beyond the limit, 0 below it.
  - Errors were 2%; the plan allows 0.1%.
`);
});

test('where nothing was carried, the lowest load is named, and nothing is said of what lies below it', () => {
  const document = searchDocument({ ...search, lower: 0, upper: 0.3, sustained: null });
  const text = renderText(document);
  expect(text).toContain('carried none of the loads tried, not even 0.3 messages/s.');
  expect(text).toContain('refused 25 requests per trial, at each of the lowest loads too.');
  expect(text).not.toContain('below it');
  expect(document.tiles.map(({ detail }) => detail)).toContain('Even 0.3 messages/s failed.');
});

test('where nothing was carried, the verdict has why the smallest load was not', () => {
  const trial = (load: number, sentence: string) => ({ load, purpose: 'bracket', passed: false, sentence });
  const trials = [trial(2, 'All failed at 2.'), trial(0.3, 'All failed: Say could not be loaded.'), trial(1, 'At 1.')];
  expect(searchDocument({ ...search, lower: 0, upper: 0.3, sustained: null, trials }).verdict.sentence).toMatch(
    /not even 0\.3 messages\/s\. All failed: Say could not be loaded\.$/,
  );
});

test('what is not a quota is named in its section alone', () => {
  const text = renderText(searchDocument({ ...search, bottleneck: { kind: 'unknown', broken: [] } }));
  expect(text).toContain('but not 510 messages/s.\n');
});

test('a load that a bucket lent is given with the one that lasts', () => {
  const sustained = {
    kind: 'less',
    load: 480,
    quota: 'newConnections',
    demandPerSecond: 61.9,
    ratePerSecond: 60,
  } as const;
  const text = renderText(searchDocument({ ...search, sustained }));
  expect(text).toContain(
    'For longer than a trial it carries 480 messages/s: the rest was lent by the bucket of “WebSocket new connections rate”.',
  );
  expect(text).toContain('was asked for 61.9/s at 60/s; the load that lasts is corrected for it.');
  expect(renderText(searchDocument(search))).toContain('none lent its burst: what a trial carries lasts.');
  const unknown = { kind: 'unknown', reason: 'the trial measured no coefficients' } as const;
  expect(renderText(searchDocument({ ...search, sustained: unknown }))).toContain(
    'this could not be corrected for, because the trial measured no coefficients. Lengthen --steady to be sure.',
  );
});
