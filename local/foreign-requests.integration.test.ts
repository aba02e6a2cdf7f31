/** What a web page in a browser on this machine could send to each listener of a target, byte by byte. */
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localCredentials } from './gateway/connections-api/sigv4.ts';
import { type ServedStack, serveStack } from './start.ts';
import { exchange, statusesOf, upgradeRequest } from './testing/raw-socket.ts';
import { writeSmallStack } from './testing/small-stack.ts';

/** A second target, whose WebSockets are held by processes of their own. */
let stacks: ServedStack[];
let remove: () => void;
beforeAll(async () => {
  const { remove: removeFiles, ...assembly } = writeSmallStack({
    functions: { Echo: 'export const handler = async () => ({ statusCode: 200, body: "served" });' },
    webSocketRoutes: { $connect: 'Echo' },
    httpRoutes: { 'POST /hook': 'Echo', 'OPTIONS /hook': 'Echo' },
    resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } } },
  });
  remove = removeFiles;
  const common = { ...assembly, stackName: 'Small', region: 'us-east-1' };
  stacks = await Promise.all([serveStack(common), serveStack({ ...common, gatewayProcesses: 2 })]);
});
afterAll(async () => {
  await Promise.all((stacks ?? []).map((stack) => stack.stop()));
  remove();
});

type Kind = 'dynamodb' | 'sqs' | 'aws' | 'connections' | 'webhooks' | 'edge';
const stackOf = (kind: Kind): ServedStack => {
  const stack = stacks[kind === 'edge' ? 1 : 0];
  if (!stack) throw new Error('The target is not up.');
  return stack;
};

function urlOf(kind: Kind): URL {
  const { endpoints, outputs } = stackOf(kind);
  switch (kind) {
    case 'dynamodb':
      return new URL(endpoints.dynamodb);
    case 'sqs':
      return new URL(endpoints.sqs);
    case 'aws':
      return new URL(endpoints.cloudwatch);
    case 'connections':
      return new URL(`${endpoints.apiGatewayManagementApi}/@connections/AAAAAAAAAAAAAAA=`);
    case 'webhooks':
      return new URL(`${outputs.HttpUrl}/hook`);
    case 'edge':
      return new URL((outputs.WebSocketUrl ?? '').replace(/^ws/, 'http').replace(/\/test$/, '/hook'));
  }
}

interface Sent {
  method?: string;
  path?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** Sends a request with these headers and no others but Host and the length. */
async function send(kind: Kind, { method = 'POST', path, headers = {}, body = '' }: Sent) {
  const url = urlOf(kind);
  const lines = Object.entries({ Host: url.host, 'Content-Length': String(Buffer.byteLength(body)), ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}`).join('\r\n');
  const text = await exchange(url.href, `${method} ${path ?? url.pathname} HTTP/1.1\r\n${head}\r\n\r\n${body}`);
  return { status: statusesOf(text)[0], text };
}

/** What all these have in common: one sentence, and nothing that would let the page read it or send more. */
function expectRefusal({ status, text }: { status: number | undefined; text: string }, sentence: string): void {
  expect(status).toBe(403);
  expect(text).toContain(sentence);
  expect(text).not.toMatch(/access-control-/i);
}

const all: Kind[] = ['dynamodb', 'sqs', 'aws', 'connections', 'webhooks', 'edge'];
const forTools: Kind[] = ['dynamodb', 'sqs', 'aws', 'connections'];
const signed = {
  Authorization: 'AWS4-HMAC-SHA256 Credential=any/20261126/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
};
const listQueues = { ...signed, 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'AmazonSQS.ListQueues' };

describe.each(all)('%s refuses a Host that a page has let point at this machine', (kind) => {
  test.each(['evil.example', 'evil.example:8080', '0.0.0.0'])('%s', async (host) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'])
      expectRefusal(await send(kind, { method, headers: { Host: host } }), 'is not a name of this machine');
  });
});

describe.each(forTools)('%s refuses a page by its Origin', (kind) => {
  test.each(['https://evil.example', 'null', 'http://localhost:3000'])('%s', async (Origin) => {
    const sentence = 'Requests of web pages are not accepted here';
    // What needs no preflight, what a page asks for first, and the preflight itself.
    const form = { Origin, 'Content-Type': 'application/x-www-form-urlencoded' };
    expectRefusal(await send(kind, { headers: form, body: 'Action=ListQueues' }), sentence);
    expectRefusal(await send(kind, { headers: { Origin, ...listQueues }, body: '{}' }), sentence);
    const asks = { Origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-amz-target' };
    expectRefusal(await send(kind, { method: 'OPTIONS', headers: asks }), sentence);
  });

  test('and by Sec-Fetch-Site, where the browser sends no Origin', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    expectRefusal(await send(kind, { method: 'GET', headers }), 'Requests of web pages are not accepted here');
  });
});

test.each<Kind>(['webhooks', 'edge'])('%s serves pages of any Origin: they are clients of the stack', async (kind) => {
  const { status, text } = await send(kind, { headers: { Origin: 'https://app.example' } });
  expect([status, text.endsWith('served')]).toEqual([200, true]);
});

test.each<[string, Kind]>([
  ['one process', 'webhooks'],
  ['processes that hold the WebSockets', 'edge'],
])('an upgrade needs a Host of this machine, and may have any Origin: %s', async (_, kind) => {
  const url = stackOf(kind).outputs.WebSocketUrl ?? '';
  const rebound = await exchange(url, upgradeRequest(url, { Host: 'evil.example' }));
  expectRefusal({ status: statusesOf(rebound)[0], text: rebound }, 'is not a name of this machine');
  const page = await exchange(url, upgradeRequest(url, { Origin: 'https://app.example' }));
  expect(statusesOf(page)).toEqual([101]);
  const { port } = new URL(url);
  expect(statusesOf(await exchange(url, upgradeRequest(url, { Host: `localhost:${port}` })))).toEqual([101]);
});

describe('an older browser adds nothing to a form or an image', () => {
  test('SQS takes no form without a signature, which a form cannot carry', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = 'Action=SendMessage&MessageBody=hello';
    const queue = new URL(await queueUrl()).pathname;
    const refused = await send('sqs', { path: queue, headers: form, body });
    expectRefusal(refused, '<Code>MissingAuthenticationToken</Code>');
    expectRefusal(await send('sqs', { method: 'GET', path: `${queue}?${body}` }), 'MissingAuthenticationToken');
    const text = { 'Content-Type': 'text/plain', 'X-Amz-Target': 'AmazonSQS.SendMessage' };
    expectRefusal(await send('sqs', { headers: text, body: '{}' }), 'MissingAuthenticationTokenException');
    expect(await messages()).toBe('0');
    // As SDKs send it.
    expect((await send('sqs', { path: queue, headers: { ...form, ...signed }, body })).status).toBe(200);
    expect(await messages()).toBe('1');
  });

  test('DynamoDB neither', async () => {
    const headers = { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'DynamoDB_20120810.ListTables' };
    const { status, text } = await send('dynamodb', { headers, body: '{}' });
    expect(status).toBe(400);
    expect(text).toContain('MissingAuthenticationToken');
  });

  test('faults are set by JSON only', async () => {
    const path = '/_loadline/faults';
    const body = '{"kind":"error","service":"sqs"}';
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/json',
    ]) {
      const { status, text } = await send('aws', { path, headers: { 'Content-Type': type }, body });
      expect([status, text.includes('add the header')]).toEqual([415, true]);
    }
    expect((await send('aws', { path, body })).status).toBe(415);
    expect((await send('aws', { method: 'GET', path })).text).toContain('"faults":[]');
    const json = { 'Content-Type': 'application/json; charset=utf-8' };
    expect((await send('aws', { path, headers: json, body })).status).toBe(200);
    expect((await send('aws', { method: 'DELETE', path })).text).toContain('"faults":[]');
  });

  test('metrics are not written by a URL that says that it is signed', async () => {
    const path =
      '/?Action=PutMetricData&Namespace=Page&MetricData.member.1.MetricName=M&MetricData.member.1.Value=1&X-Amz-Signature=0';
    expect((await send('aws', { method: 'GET', path })).text).toContain('missing Authentication Token');
    const { Metrics = [] } = await client(CloudWatchClient, 'cloudwatch').send(
      new ListMetricsCommand({ Namespace: 'Page' }),
    );
    expect(Metrics).toEqual([]);
  });
});

describe('Secrets Manager', () => {
  const read = async (
    credentials: { accessKeyId: string; secretAccessKey: string },
    change = (path: string) => path,
  ) => {
    const secrets = client(SecretsManagerClient, 'secretsManager', credentials);
    // After signing: what was signed is no longer what is sent.
    secrets.middlewareStack.add(
      (next) => async (call) => {
        const { request } = call as unknown as { request: { body: Uint8Array } };
        request.body = new TextEncoder().encode(change(new TextDecoder().decode(request.body)));
        return await next(call);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const SecretId = stackOf('aws').outputs.SecretArn;
    return await secrets.send(new GetSecretValueCommand({ SecretId }));
  };

  test("gives a secret to whoever signs with the target's own credentials", async () => {
    const { secrets, outputs } = stackOf('aws');
    expect((await read(localCredentials)).SecretString).toBe(secrets[outputs.SecretArn ?? '']);
  });

  test.each([
    ['another key', { accessKeyId: 'any', secretAccessKey: 'thing' }, 'UnrecognizedClientException'],
    ['the key, and another secret', { ...localCredentials, secretAccessKey: 'x' }, 'InvalidSignatureException'],
  ])('refuses %s', async (_, credentials, name) => {
    await expect(read(credentials)).rejects.toMatchObject({ name });
  });

  test('refuses a body that was not signed', async () => {
    await expect(read(localCredentials, (body) => body.replace('SecretId', 'secretId'))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
  });

  test('refuses no signature, and one for another service', async () => {
    const headers = { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'secretsmanager.GetSecretValue' };
    const body = JSON.stringify({ SecretId: stackOf('aws').outputs.SecretArn });
    expect((await send('aws', { headers, body })).text).toContain('MissingAuthenticationTokenException');
    expect((await send('aws', { headers: { ...headers, ...signed }, body })).text).toContain(
      'IncompleteSignatureException',
    );
  });
});

test('SDKs, with any credentials, are served as before', async () => {
  await expect(client(DynamoDBClient, 'dynamodb').send(new ListTablesCommand({}))).resolves.toMatchObject({
    TableNames: [],
  });
  await expect(client(SQSClient, 'sqs').send(new ListQueuesCommand({}))).resolves.toHaveProperty('QueueUrls');
});

function client<Client>(
  of: new (options: object) => Client,
  service: 'cloudwatch' | 'dynamodb' | 'sqs' | 'secretsManager',
  credentials = { accessKeyId: 'any', secretAccessKey: 'thing' },
): Client {
  const endpoint = stackOf('aws').endpoints[service];
  return new of({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
}

async function queueUrl(): Promise<string> {
  const { QueueUrls = [] } = await client(SQSClient, 'sqs').send(new ListQueuesCommand({}));
  return QueueUrls[0] ?? '';
}

async function messages(): Promise<string | undefined> {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const { Attributes } = await client(SQSClient, 'sqs').send(
    new GetQueueAttributesCommand({ QueueUrl: await queueUrl(), AttributeNames }),
  );
  return Attributes?.ApproximateNumberOfMessages;
}
