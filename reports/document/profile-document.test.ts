import { expect, test } from 'vitest';
import type { ProfileRecord, RecordedFigure } from '../../record/profile.ts';
import { profileDocument } from './profile-document.ts';

const figure = (name: string, mixed: RecordedFigure['mixed']): RecordedFigure => ({
  ...{ service: 'lambda', resource: 'Say', figure: name, mixed },
  costs: { message: { kind: 'value', value: 1, margin: null, units: 100 } },
});
type Trial = ProfileRecord['trials'][number];
const sum = (addsUp: boolean | null) => ({ expected: 100, measured: 150, margin: addsUp === null ? null : 5, addsUp });
const documentOf = (figures: RecordedFigure[], trial: Trial = { kind: 'mixed', folder: 'trials/1', status: 'ok' }) =>
  profileDocument({
    ...{ figures, graph: { stackName: 'chat' }, target: { kind: 'local', region: 'us-east-1' }, messageRoute: null },
    trials: [trial],
  });

test('a sum that cannot be told is neither one that adds up nor one that interferes', () => {
  const { verdict, sections } = documentOf([figure('invocations', sum(null)), figure('durationMs', null)]);
  expect(verdict).toMatchObject({
    tone: 'near',
    sentence: expect.stringMatching(/ For 1 of 1 figure of the mixed phase there were too few periods to tell /),
  });
  expect(verdict.sentence).not.toMatch(/interfere|All/);
  expect(sections.map(({ id }) => id)).toEqual(['costs', 'untold']);
});

test('one that is off by more than its margin interferes', () => {
  const { verdict, sections } = documentOf([figure('invocations', sum(false)), figure('durationMs', sum(null))]);
  expect(verdict.sentence).toMatch(/ 1 of 2 figures .* interfere\. For 1 of 2 figures /);
  expect(sections.map(({ id }) => id)).toEqual(['costs', 'interferes', 'untold']);
});

test('a phase that failed says why, where that is known', () => {
  const trial = { kind: 'mixed', folder: 'trials/1', status: 'sloBroken' } as const;
  const doubtOf = (cause?: string) =>
    JSON.stringify(documentOf([], { ...trial, ...(cause !== undefined && { cause }) }).sections);
  expect(doubtOf()).toContain('may cost something else. Its report is in trials/1.');
  expect(doubtOf('3 of 9 messages failed: the function Say crashed (Exit 1).')).toContain(
    'may cost something else. 3 of 9 messages failed: the function Say crashed (Exit 1). Its report',
  );
});

test('all of them add up', () => {
  const { verdict, sections } = documentOf([figure('invocations', sum(true))]);
  expect(verdict.sentence).toContain('All 1 figure of the mixed phase add up');
  expect(sections.map(({ id }) => id)).toEqual(['costs']);
});
