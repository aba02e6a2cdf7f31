import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { targetSchema } from '../../record/target.ts';
import { outputNames } from '../../stack/target.ts';
import { UsageError } from '../errors.ts';
import { describeAwsTarget } from './aws-target.ts';

/** The two services as they speak on the wire: CloudFormation in Query/XML, Secrets Manager in AWS JSON 1.1. */
const outputs = new Map(Object.entries(outputNames).map(([key, name]) => [name as string, `value-of-${key}`]));
let server: Server;
let endpoint: string;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue') {
        response.setHeader('content-type', 'application/x-amz-json-1.1');
        response.end(JSON.stringify({ SecretString: `secret of ${JSON.parse(body).SecretId}` }));
        return;
      }
      const form = new URLSearchParams(body);
      if (form.get('StackName') !== 'Loadline') {
        response.writeHead(400, { 'content-type': 'text/xml' });
        response.end(
          '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id Other does not exist</Message></Error></ErrorResponse>',
        );
        return;
      }
      const members = [...outputs].map(
        ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
      );
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>Loadline</StackName><StackId>arn:aws:cloudformation:eu-west-1:123456789012:stack/Loadline/1</StackId><CreationTime>2026-11-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const ask = (stackName: string) =>
  describeAwsTarget({
    stackName,
    region: 'eu-west-1',
    endpoint,
  });

test('a stack on an emulator is described by its outputs and its secrets, with the one address of all services', async () => {
  const target = targetSchema.parse(await ask('Loadline'));
  expect(target).toMatchObject({
    kind: 'local',
    region: 'eu-west-1',
    accountId: '123456789012',
    webSocketUrl: 'value-of-webSocketUrl',
    tokenSecret: 'secret of value-of-tokenSecretArn',
    webhookSecret: 'secret of value-of-webhookSecretArn',
  });
  expect(target.resources.functionNames.ingest).toBe('value-of-ingestFunctionName');
  expect(target.endpoints).toMatchObject({ cloudwatch: endpoint, sqs: endpoint, lambda: endpoint });
});

test('a missing stack is reported in a sentence that names it', async () => {
  await expect(ask('Other')).rejects.toThrow(UsageError);
  await expect(ask('Other')).rejects.toThrow(
    'There is no stack Other in eu-west-1: deploy it first, or name another with --stack-name.',
  );
});

test('a missing output is named: of two that a stack has one of, the first', async () => {
  outputs.delete(outputNames.tableName);
  outputs.delete(outputNames.databaseName);
  await expect(ask('Loadline')).rejects.toThrow('has no output TableName');
});
