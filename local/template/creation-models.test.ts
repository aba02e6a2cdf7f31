import { expect, test } from 'vitest';
import { scheduleOf } from './creation-models.ts';
import { readResources } from './resources.ts';

const functionNames = new Map([
  ['arn:a', 'A'],
  ['arn:b', 'B'],
]);

function schedule(Properties: object) {
  const place = { stackName: 'S', region: 'us-east-1', accountId: '000000000000', sqsUrl: 'http://sqs' };
  const read = readResources({ Resources: { R: { Type: 'AWS::Events::Rule', Properties } } }, { place, ignore: [] });
  const [rule] = read.resources;
  if (rule === undefined) throw new Error('no rule was read');
  return scheduleOf(rule, 'arn:rule', functionNames);
}
const minute = { ScheduleExpression: 'rate(1 minute)' };

test('each target has its own input', () => {
  const Targets = [
    { Id: '1', Arn: 'arn:a', Input: '{"a":1}' },
    { Id: '2', Arn: 'arn:b' },
  ];
  expect(schedule({ ScheduleExpression: 'rate(30 days)', Targets })).toEqual([
    {
      ...{ logicalId: 'R', arn: 'arn:rule', everyMs: 2_592_000_000 },
      targets: [
        { functionName: 'A', input: '{"a":1}' },
        { functionName: 'B', input: null },
      ],
    },
  ]);
});

test('a rule that is disabled has no schedule', () => {
  expect(schedule({ ...minute, State: 'DISABLED' })).toEqual([]);
});

test.each([
  [
    'an input that is a part of the event',
    { ...minute, Targets: [{ Arn: 'arn:a', InputPath: '$.time' }] },
    'Targets.InputPath: ',
  ],
  [
    'an input that is made of the event',
    { ...minute, Targets: [{ Arn: 'arn:a', InputTransformer: { InputTemplate: '"x"' } }] },
    'Targets.InputTransformer: ',
  ],
  ['what is no function of the stack', { ...minute, Targets: [{ Arn: 'arn:c' }] }, 'Targets: arn:c is not supported'],
  ['events', { EventPattern: { source: ['x'] } }, 'EventPattern: '],
  ['a cron expression', { ScheduleExpression: 'cron(0 1 * * ? *)' }, 'ScheduleExpression: '],
  ['a rate of nothing', { ScheduleExpression: 'rate(0 minutes)' }, 'ScheduleExpression: '],
])('not supported: %s', (_name, properties, problem) => {
  expect(() => schedule(properties)).toThrow(problem);
});
