import { expect, test } from 'vitest';
import { exampleRun } from '../example-run.fixture.ts';
import { howMeasured } from './how-measured.ts';

const sentencesOf = (change: Parameters<typeof exampleRun>[0]) => howMeasured(exampleRun(change), null).join('\n');
/** Of whose inside nothing is known. */
const closed = (change: Parameters<typeof exampleRun>[0]) => {
  const { deployment: _, ...run } = exampleRun(change);
  return howMeasured(run, null).join('\n');
};

test('workers on AWS are named with their number and Region, and with what is lost by using them', () => {
  expect(sentencesOf({})).not.toContain('workers on AWS');
  expect(sentencesOf({ workers: { on: 'fargate', count: 12, region: 'eu-west-1' } })).toContain(
    '12 workers on AWS Fargate in eu-west-1 applied the load. Their counts came back through Artillery: exact to the second',
  );
});

test('an endpoint’s report does not mention AWS capacity, and names a missing webhook URL', () => {
  const { target } = exampleRun();
  const endpoint = { ...target, kind: 'endpoint' as const, resources: null, webhookUrl: null };
  expect(closed({ target: endpoint })).toContain('AWS quotas, capacity and cost are not available.');
  expect(closed({ target: endpoint })).toContain('No webhook URL was given: no webhooks were posted');
  expect(closed({ target: { ...endpoint, webhookUrl: 'https://x' } })).not.toContain('No webhook URL');
  expect(closed({ target: endpoint })).not.toMatch(/Growth|Little/);
});
