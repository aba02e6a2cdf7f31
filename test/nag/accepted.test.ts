import { expect, it } from 'vitest';
import { accepted, judge } from './accepted.ts';

const finding = (rule: string, path: string) => ({ variant: 'default', rule, path, description: 'Bad.' });
const entry = { rule: /^A$/, path: /^Queue\//, reason: 'Because it is so.' };

it('a finding is accepted by rule and resource, and by both', () => {
  const open = [finding('B', 'Queue/Resource'), finding('A', 'Table/Resource')];
  expect(judge([finding('A', 'Queue/Resource'), ...open], [entry])).toEqual({ open, unused: [] });
});

it('an entry that nothing needs is reported', () => {
  expect(judge([], [entry])).toEqual({ open: [], unused: [entry] });
});

it('every entry names whole rules and whole paths, and says why', () => {
  for (const { rule, path, reason } of accepted) {
    for (const { source } of [rule, path]) expect(source).toMatch(/^\^.*\$$/);
    expect(reason).toMatch(/^[A-Z].{30,}\.$/);
  }
});
