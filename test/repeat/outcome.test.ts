import { expect, test } from 'vitest';
import { isBusy, readReport, renderOutcomes } from './outcome.ts';

const report = (testResults: object[], numFailedTests: number) =>
  JSON.stringify({ numPassedTests: 7, numFailedTests, testResults });

test('names the tests that failed, by file', () => {
  const results = [
    { name: '/p/a.test.ts', status: 'passed', assertionResults: [{ fullName: 'A works', status: 'passed' }] },
    {
      name: '/p/b.test.ts',
      status: 'failed',
      assertionResults: [
        { fullName: 'B works', status: 'failed' },
        { fullName: 'B stops', status: 'passed' },
      ],
    },
  ];
  expect(readReport(report(results, 1), '/p/')).toEqual({ passed: 7, failed: 1, failures: ['b.test.ts › B works'] });
});

test('a file that does not load is a failure, even though none of its tests failed', () => {
  const results = [{ name: '/p/a.test.ts', status: 'failed', assertionResults: [] }];
  expect(readReport(report(results, 0), '/p/')).toEqual({
    passed: 7,
    failed: 1,
    failures: ['a.test.ts › (the file)'],
  });
});

test.each([
  [20, 10, 'ibibibibibibibibibib'],
  [4, 1, 'iiib'],
  [3, 3, 'bbb'],
  [3, 0, 'iii'],
])('of %i runs %i are busy, spread evenly: %s', (times, busy, expected) => {
  const runs = Array.from({ length: times }, (_, index) => (isBusy(index + 1, { times, busy }) ? 'b' : 'i'));
  expect(runs.join('')).toBe(expected);
});

test('renders a row per run, and a summary', () => {
  const outcomes = [
    { run: 1, busy: false, seconds: 101.4, passed: 7, failed: 0, failures: [] },
    { run: 2, busy: true, seconds: 240, passed: 6, failed: 1, failures: ['b.test.ts › B works'] },
  ];
  expect(renderOutcomes(outcomes)).toBe(
    [
      '| run | machine | seconds | passed | failed | failures |',
      '| --- | --- | --- | --- | --- | --- |',
      '| 1 | idle | 101 | 7 | 0 |  |',
      '| 2 | busy | 240 | 6 | 1 | b.test.ts › B works |',
      '',
      '1 of 2 runs green, longest idle run 101 s, longest busy run 240 s',
      '',
    ].join('\n'),
  );
});
