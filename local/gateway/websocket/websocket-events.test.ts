import { expect, test } from 'vitest';
import { requestTime } from '../request-time.ts';
import { type ConnectionFacts, disconnectEvent, messageEvent } from './websocket-events.ts';

const connection: ConnectionFacts = {
  connectionId: 'AbCdEdnOjoECGjA=',
  apiId: 'abc123',
  stage: 'prod',
  stageVariables: {},
  domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
  connectedAtMs: 1_771_485_102_789,
  identity: { sourceIp: '203.0.113.7' },
  authorizer: { principalId: 'u' },
};
const nowMs = 1_771_485_102_790;

test('request time is CLF in UTC', () => {
  expect(requestTime(nowMs)).toBe('19/Feb/2026:07:11:42 +0000');
});

test('a MESSAGE event has no headers and its fields in the recorded order', () => {
  const event = messageEvent(connection, { requestId: 'R=', messageId: 'M=', nowMs, routeKey: 'ping', body: '{}' });
  expect(Object.keys(event)).toEqual(['requestContext', 'body', 'isBase64Encoded']);
  expect(Object.keys(event.requestContext)).toEqual(
    'routeKey messageId eventType extendedRequestId requestTime messageDirection stage connectedAt requestTimeEpoch identity requestId domainName connectionId apiId authorizer'.split(
      ' ',
    ),
  );
  expect(event.requestContext).toMatchObject({
    eventType: 'MESSAGE',
    extendedRequestId: 'R=',
    requestId: 'R=',
    messageDirection: 'IN',
  });
});

test('a DISCONNECT event has the status code, the reason and four headers', () => {
  const event = disconnectEvent(connection, { requestId: 'R=', nowMs, code: 1001, reason: 'Going away' });
  expect(Object.keys(event.requestContext).slice(0, 7)).toEqual(
    'routeKey disconnectStatusCode eventType extendedRequestId requestTime messageDirection disconnectReason'.split(
      ' ',
    ),
  );
  expect(event.requestContext).toMatchObject({ disconnectStatusCode: 1001, disconnectReason: 'Going away' });
  expect(event.headers).toEqual({
    Host: connection.domainName,
    'x-api-key': '',
    'X-Forwarded-For': '',
    'x-restapi': '',
  });
});
