import { expect, test } from 'vitest';
import { serviceOf } from './service-of.ts';

const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

test.each([
  [
    '/',
    { 'x-amz-target': 'DynamoDB_20120810.GetItem', ...signedFor('dynamodb') },
    { kind: 'known', service: 'dynamodb' },
  ],
  ['/', { 'x-amz-target': 'DynamoDBStreams_20120810.GetRecords' }, { kind: 'known', service: 'dynamodb' }],
  ['/', { 'x-amz-target': 'Logs_20140328.FilterLogEvents', ...signedFor('logs') }, { kind: 'known', service: 'logs' }],
  ['/', signedFor('monitoring'), { kind: 'known', service: 'cloudwatch' }],
  ['/', signedFor('sts'), { kind: 'known', service: 'sts' }],
  ['/', signedFor('sns'), { kind: 'known', service: 'sns' }],
  ['/', signedFor('states'), { kind: 'unknown', name: 'states' }],
  ['/', { 'x-amz-target': 'AWSEvents.PutEvents', ...signedFor('events') }, { kind: 'known', service: 'events' }],
  [
    '/',
    { 'x-amz-target': 'Kinesis_20131202.PutRecord', ...signedFor('kinesis') },
    { kind: 'unknown', name: 'kinesis' },
  ],
  ['/2015-03-31/functions/f/invocations', {}, { kind: 'known', service: 'lambda' }],
  ['/?X-Amz-Credential=KEY%2F20260101%2Fus-east-1%2Fsqs%2Faws4_request', {}, { kind: 'known', service: 'sqs' }],
  ['/', {}, { kind: 'known', service: 'cloudwatch' }],
])('%s with %j is for %j', (target, headers, service) => {
  expect(serviceOf(target, headers)).toEqual(service);
});
