import { expect, test } from 'vitest';
import { parseStage } from './rollout-stage.ts';

test.each([[{ share: 0, off: false }], [{ share: 0.2, off: true }], [{ share: 1, off: false }]])(
  '%j is a stage',
  (stage) => {
    expect(parseStage({ ...stage, more: 1 })).toEqual(stage);
  },
);

test.each([
  [null],
  ['0.2'],
  [{}],
  [{ share: '0.2', off: false }],
  [{ share: 1.01, off: false }],
  [{ share: -0.1, off: false }],
  [{ share: Number.NaN, off: false }],
  [{ share: 0.2 }],
  [{ share: 0.2, off: 'false' }],
])('%j is none, which is said', (given) => {
  expect(() => parseStage(given)).toThrow('A stage is {"share": a number from 0 to 1, "off": true or false}.');
});
