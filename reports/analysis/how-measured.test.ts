import { expect, test } from 'vitest';
import { exampleRun } from '../example-run.fixture.ts';
import { howMeasured } from './how-measured.ts';

const said = (change: Parameters<typeof exampleRun>[0]) => howMeasured(exampleRun(change), null).join('\n');

test('workers on AWS are named with their number and place, and what is lost by them', () => {
  expect(said({})).not.toContain('workers on AWS');
  expect(said({ workers: { on: 'fargate', count: 12, region: 'eu-west-1' } })).toContain(
    '12 workers on AWS Fargate in eu-west-1 applied the load. Their counts came back through Artillery: exact by the second',
  );
});

test('of an endpoint nothing is said of AWS, and a missing webhook URL is named', () => {
  const { target } = exampleRun();
  const endpoint = { ...target, kind: 'endpoint' as const, resources: null, webhookUrl: null };
  expect(said({ target: endpoint })).toContain('nothing is said of AWS quotas, capacity or cost.');
  expect(said({ target: endpoint })).toContain('No webhook URL was given: no webhooks were posted');
  expect(said({ target: { ...endpoint, webhookUrl: 'https://x' } })).not.toContain('No webhook URL');
  expect(said({ target: endpoint })).not.toMatch(/Growth|Little/);
});
