/** How AWS itself names a rule of a bus that is not the default one, which nothing that stands in for it does. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { clientsOf } from './clients.ts';
import { describeEventRule } from './event-rules.ts';

test('the name of its bus stands before that of a rule, and targets come by pages', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const asked: object[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const input = JSON.parse(text);
      asked.push(input);
      const page = input.NextToken
        ? { Targets: [{ Id: 'b', Arn: 'arn:aws:sqs:us-east-1:1:inbox' }] }
        : { Targets: [{ Id: 'a', Arn: 'arn:aws:lambda:us-east-1:1:function:push' }], NextToken: 'more' };
      const isRule = String(request.headers['x-amz-target']).endsWith('DescribeRule');
      const answer = isRule ? { Name: 'orders', EventBusName: 'shop', EventPattern: '{}', State: 'ENABLED' } : page;
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clients = clientsOf({ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}` });
  const names = {
    ...{ functions: new Map([['push', 'Push']]), queues: new Map([['inbox', 'Inbox']]), tables: new Map() },
    ...{ topics: new Map(), eventBuses: new Map([['shop', 'Bus']]) },
  };
  const deployed = { id: 'Orders', type: 'AWS::Events::Rule', physicalId: 'shop|orders' };
  const rule = await describeEventRule(clients, deployed, names);
  clients.destroy();
  server.close();
  vi.unstubAllEnvs();
  expect(rule).toEqual({
    ...{ id: 'Orders', name: 'orders', bus: 'Bus', matchesEvents: true, schedule: null },
    targets: [
      { id: 'a', to: { kind: 'function', id: 'Push' }, deadLetters: null },
      { id: 'b', to: { kind: 'queue', id: 'Inbox' }, deadLetters: null },
    ],
  });
  const on = { Rule: 'orders', EventBusName: 'shop' };
  expect(asked).toEqual([{ Name: 'orders', EventBusName: 'shop' }, on, { ...on, NextToken: 'more' }]);
});
