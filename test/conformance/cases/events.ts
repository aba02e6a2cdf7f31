/** B2: the events that functions of a WebSocket API receive. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ConformanceCase } from '../conformance-case.ts';
import type { ProbeEvent, Subject } from '../subject.ts';

/** The fields of every requestContext, starting with `stage`. `identity` and `authorizer` come from the client and the authorizer. */
const tail = [
  'stage',
  'connectedAt',
  'requestTimeEpoch',
  'identity',
  'requestId',
  'domainName',
  'connectionId',
  'apiId',
];

async function connectEvent(subject: Subject): Promise<ProbeEvent> {
  const key = randomUUID();
  const socket = await subject.connect({ token: 'me', seeConnect: key });
  await socket.close();
  return await subject.event(key);
}

async function messageEvent(subject: Subject): Promise<ProbeEvent> {
  const socket = await subject.connect();
  return JSON.parse(await socket.ask({ action: 'twoWay' }));
}

async function disconnectEvent(subject: Subject): Promise<ProbeEvent> {
  const socket = await subject.connect();
  const { requestContext } = JSON.parse(await socket.ask({ action: 'twoWay' })) as ProbeEvent;
  await socket.close(1000);
  return await subject.event(requestContext.connectionId);
}

/** A field of a MESSAGE's requestContext. */
const inContext = (row: string, check: (context: ProbeEvent['requestContext']) => void): ConformanceCase => ({
  row,
  check: async (subject) => check((await messageEvent(subject)).requestContext),
});

export const eventCases: readonly ConformanceCase[] = [
  {
    row: 'B2.authorizer-headers',
    check: async (subject) => {
      const key = randomUUID();
      await subject.connect({ token: 'me', seeAuthorizer: key });
      const { headers, multiValueHeaders } = await subject.event(key);
      const named = (name: string) => [
        Reflect.get(Object(headers), name),
        Reflect.get(Object(multiValueHeaders), name),
      ];
      assert.match(String(named('Connection')[0]), /^upgrade$/i);
      assert.deepEqual(named('Upgrade'), ['websocket', ['websocket']]);
      assert.deepEqual(named('content-length'), ['0', ['0']]);
      assert.ok(named('Sec-WebSocket-Key')[0], 'without the headers of the handshake');
    },
  },
  {
    row: 'B2.connect',
    check: async (subject) => {
      const event = await connectEvent(subject);
      assert.deepEqual(Object.keys(event), [
        'headers',
        'multiValueHeaders',
        'queryStringParameters',
        'multiValueQueryStringParameters',
        'requestContext',
        'isBase64Encoded',
      ]);
      const before = ['routeKey', 'eventType', 'extendedRequestId', 'requestTime', 'messageDirection'];
      assert.deepEqual(
        Object.keys(event.requestContext).filter((name) => name !== 'authorizer'),
        [...before, ...tail],
      );
      const { routeKey, eventType } = event.requestContext;
      assert.deepEqual({ routeKey, eventType }, { routeKey: '$connect', eventType: 'CONNECT' });
      const { headers } = event as unknown as { headers: Record<string, string> };
      for (const name of [
        'Host',
        'Sec-WebSocket-Key',
        'Sec-WebSocket-Version',
        'X-Forwarded-For',
        'X-Forwarded-Port',
        'X-Forwarded-Proto',
      ]) {
        assert.ok(name in headers, `the header ${name} is missing`);
      }
      for (const name of ['Connection', 'Upgrade']) assert.ok(!(name in headers), `the header ${name} is present`);
    },
  },
  {
    row: 'B2.message',
    check: async (subject) => {
      const event = await messageEvent(subject);
      assert.deepEqual(Object.keys(event), ['requestContext', 'body', 'isBase64Encoded']);
      assert.deepEqual(
        Object.keys(event.requestContext).filter((name) => name !== 'authorizer'),
        ['routeKey', 'messageId', 'eventType', 'extendedRequestId', 'requestTime', 'messageDirection', ...tail],
      );
      assert.equal(event.body, '{"action":"twoWay"}');
      assert.equal(event.requestContext.eventType, 'MESSAGE');
    },
  },
  {
    row: 'B2.disconnect',
    check: async (subject) => {
      const event = await disconnectEvent(subject);
      assert.deepEqual(Object.keys(event), ['headers', 'multiValueHeaders', 'requestContext', 'isBase64Encoded']);
      assert.deepEqual(Object.keys(event.headers ?? {}), ['Host', 'x-api-key', 'X-Forwarded-For', 'x-restapi']);
      assert.deepEqual(
        Object.keys(event.requestContext).filter((name) => name !== 'authorizer'),
        [
          'routeKey',
          'disconnectStatusCode',
          'eventType',
          'extendedRequestId',
          'requestTime',
          'messageDirection',
          'disconnectReason',
          ...tail,
        ],
      );
      assert.equal(event.requestContext.eventType, 'DISCONNECT');
    },
  },
  inContext('B2.request-id', ({ requestId, extendedRequestId }) => assert.equal(requestId, extendedRequestId)),
  inContext('B2.request-time', ({ requestTime, requestTimeEpoch }) => {
    assert.match(String(requestTime), /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    const second = new Date(Number(requestTimeEpoch)).toISOString().slice(17, 19);
    assert.equal(String(requestTime).slice(18, 20), second);
  }),
  inContext('B2.times', ({ connectedAt, requestTimeEpoch }) => {
    for (const time of [connectedAt, requestTimeEpoch]) {
      assert.ok(Math.abs(Number(time) - Date.now()) < 60_000, `${time} is not close to now in ms`);
    }
    assert.ok(Number(connectedAt) <= Number(requestTimeEpoch));
  }),
  {
    row: 'B2.connection-id',
    check: async (subject) => {
      const { requestContext } = await messageEvent(subject);
      assert.match(requestContext.connectionId, /^[\w+/@-]{12,18}=$/);
    },
  },
  inContext('B2.request-id-format', ({ requestId }) => assert.match(String(requestId), /^[\w+/-]{15}=$/)),
  inContext('B2.direction', ({ messageDirection }) => assert.equal(messageDirection, 'IN')),
];
