import { expect, test } from 'vitest';
import { renderText } from '../render/text.ts';
import { type SearchSummary, searchDocument } from './search-document.ts';

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

test('what is not a quota is named in its section alone', () => {
  const text = renderText(searchDocument({ ...search, bottleneck: { kind: 'unknown', broken: [] } }));
  expect(text).toContain('but not 510 messages/s.\n');
});
