import { expect, test } from 'vitest';
import { localAddressOf, standIn } from './aws-hosts.ts';

const addresses = {
  gateway: '127.0.0.1:1001',
  api: '127.0.0.1:1002',
  dynamodb: '127.0.0.1:1003',
  sqs: '127.0.0.1:1004',
  aws: '127.0.0.1:1005',
  own: { second: '127.0.0.1:1006' },
};

test.each([
  ['a1b2c3d4e5.execute-api.us-east-1.amazonaws.com', 'api'],
  ['a1b2c3d4e5.execute-api.cn-north-1.amazonaws.com.cn', 'api'],
  ['dynamodb.eu-west-1.amazonaws.com', 'dynamodb'],
  ['123456789012.ddb.us-east-1.amazonaws.com', 'dynamodb'],
  ['sqs.us-east-1.amazonaws.com', 'sqs'],
  ['us-east-1.queue.amazonaws.com', 'sqs'],
  ['secretsmanager.us-east-1.amazonaws.com', 'aws'],
  ['monitoring.us-east-1.amazonaws.com', 'aws'],
  ['sts.amazonaws.com', 'aws'],
  ['a1b2c3.lambda-url.us-east-1.on.aws', 'api'],
  ['lambda-fips.us-east-1.amazonaws.com', 'aws'],
  ['cognito-idp.us-east-1.amazonaws.com', null],
  ['bucket.s3.us-east-1.amazonaws.com', null],
  ['lambda.us-east-1.amazonaws.com.example.com', null],
  ['example.com', null],
])('%s is served by %s', (host, service) => {
  expect(standIn(host)).toBe(service);
});

test.each([
  ['a1b2c3d4e5.execute-api.us-east-1.amazonaws.com', 443, addresses.api],
  ['SQS.us-east-1.amazonaws.com', 443, addresses.sqs],
  ['sqs.us-east-1.amazonaws.com', 8443, null],
  // The domain name of an event: @connections are behind the port for HTTP.
  ['127.0.0.1', 1_001, addresses.api],
  ['localhost', 1_002, addresses.api],
  ['127.0.0.1', 1_003, addresses.dynamodb],
  ['127.0.0.1', 443, null],
  // A second API of its kind, by its id and by its own address.
  ['second.execute-api.us-east-1.amazonaws.com', 443, addresses.own.second],
  ['first.execute-api.us-east-1.amazonaws.com', 443, addresses.api],
  ['127.0.0.1', 1_006, addresses.own.second],
  ['example.com', 443, null],
])('a TLS connection to %s:%i goes to %s', (host, port, address) => {
  expect(localAddressOf(host, port, addresses)).toBe(address);
});
