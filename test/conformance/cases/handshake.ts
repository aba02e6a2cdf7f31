/** B1: a handshake as seen by the client. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ConformanceCase } from '../conformance-case.ts';
import type { Subject } from '../subject.ts';

const refusing = { variant: 'refusing' } as const;

/** A case that expects one handshake status. */
const status = (row: string, query: Record<string, string>, expected: number): ConformanceCase => ({
  row,
  check: async (subject) => {
    assert.equal((await subject.handshake(query)).status, expected);
  },
});

async function contextOf(subject: Subject): Promise<Record<string, unknown>> {
  const socket = await subject.connect();
  const event = JSON.parse(await socket.ask({ action: 'twoWay' }));
  return event.requestContext;
}

export const handshakeCases: readonly ConformanceCase[] = [
  {
    row: 'B1.order',
    check: async (subject) => {
      const started = performance.now();
      const socket = await subject.connect({ token: 'me', waitMs: '400' });
      const tookMs = performance.now() - started;
      assert.ok(tookMs >= 400, `open after ${tookMs} ms, before $connect had ended`);
      await socket.close();
      const failed = randomUUID();
      assert.equal((await subject.handshake({ token: 'me', end: 'throw', seeConnect: failed })).status, 502);
      const { requestContext } = await subject.event(failed);
      await assert.rejects(subject.observedWithin(requestContext.connectionId, 500), /0 of 1/);
    },
  },
  {
    row: 'B1.no-connect-route',
    target: { variant: 'selection' },
    check: async (subject) => {
      const socket = await subject.connect({});
      await socket.close();
    },
  },
  {
    row: 'B1.status-2xx',
    check: async (subject) => {
      for (const code of ['200', '201']) {
        assert.equal((await subject.handshake({ token: 'me', status: code })).status, 101);
      }
    },
  },
  {
    row: 'B1.status-other',
    check: async (subject) => {
      for (const code of [301, 400, 401, 501]) {
        assert.equal((await subject.handshake({ token: 'me', status: String(code) })).status, code);
      }
    },
  },
  {
    row: 'B1.function-fails',
    check: async (subject) => {
      for (const end of ['throw', 'badOutput']) {
        assert.equal((await subject.handshake({ token: 'me', end })).status, 502, end);
      }
    },
  },
  {
    row: 'B1.function-throttled',
    target: refusing,
    check: async (subject) => {
      assert.equal((await subject.handshake({})).status, 500);
    },
  },
  status('B1.integration-timeout', { token: 'me', waitMs: '4500' }, 504),
  status('B1.authorizer-no-identity', {}, 401),
  status('B1.authorizer-unauthorized', { token: 'unauthorized' }, 401),
  status('B1.authorizer-deny', { token: 'deny' }, 403),
  {
    row: 'B1.authorizer-fails',
    check: async (subject) => {
      for (const token of ['broken', 'noPolicy']) {
        assert.equal((await subject.handshake({ token })).status, 500, token);
      }
    },
  },
  {
    row: 'B1.throttled',
    target: { variant: 'selection', limits: { newConnections: { ratePerSecond: 1, burst: 2 } } },
    check: async (subject) => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => subject.handshake({})));
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [101, 101, 429, 429]);
    },
  },
  {
    row: 'B1.unknown-stage',
    check: async (subject) => {
      const answer = await subject.handshakeAt(subject.url().replace('/probe', '/nowhere'));
      assert.equal(answer.status, 403);
      assert.match(answer.body, /"message":\s*"Forbidden"/);
    },
  },
  {
    row: 'B1.subprotocol',
    check: async (subject) => {
      const socket = await subject.connect({ token: 'me', protocol: 'b' }, ['a', 'b']);
      assert.equal(socket.client.socket.protocol, 'b');
      await assert.rejects(subject.connect({ token: 'me' }, ['a']), /subprotocol/);
    },
  },
  {
    row: 'B1.response-headers',
    check: async (subject) => {
      const headers = await subject.upgradeHeaders({ token: 'me' });
      assert.equal(headers['x-probe'], undefined);
    },
  },
  {
    row: 'A2.authorizer-result',
    check: async (subject) => {
      assert.equal((await subject.handshake({ token: 'large' })).status, 500);
    },
  },
  {
    row: 'A2.templates-and-url',
    check: async (subject) => {
      const { pathname, search } = new URL(subject.url({ token: 'me', pad: '' }));
      const padding = (over: number) => 'x'.repeat(4_096 - pathname.length - search.length + over);
      assert.equal((await subject.handshake({ token: 'me', pad: padding(0) })).status, 101);
      assert.equal((await subject.handshake({ token: 'me', pad: padding(1) })).status, 414);
    },
  },
  {
    row: 'B1.compression',
    check: async (subject) => {
      const socket = await subject.connect();
      assert.equal(socket.client.socket.extensions, '');
    },
  },
  {
    row: 'B1.authorizer-input',
    check: async (subject) => {
      const key = randomUUID();
      await subject.handshake({ token: 'me', seeAuthorizer: key });
      const event = await subject.event(key);
      const { webSocketApiId, webSocketStage } = subject.description.resources;
      assert.equal(event.type, 'REQUEST');
      assert.match(String(event.methodArn), new RegExp(`:${webSocketApiId}/${webSocketStage}/\\$connect$`));
      for (const field of ['headers', 'multiValueHeaders', 'requestContext']) assert.ok(field in event, field);
      assert.deepEqual(event.queryStringParameters, { token: 'me', seeAuthorizer: key });
      assert.deepEqual(event.multiValueQueryStringParameters, { token: ['me'], seeAuthorizer: [key] });
      assert.ok(!('pathParameters' in event));
    },
  },
  {
    row: 'B1.authorizer-output',
    check: async (subject) => {
      const { authorizer } = await contextOf(subject);
      const { principalId, text, number, flag } = authorizer as Record<string, unknown>;
      assert.deepEqual(
        { principalId, text, number, flag },
        { principalId: 'me', text: 'a', number: '7', flag: 'true' },
      );
    },
  },
  {
    row: 'B1.authorized-once',
    check: async (subject) => {
      const key = randomUUID();
      const socket = await subject.connect({ token: 'me', seeAuthorizer: key });
      for (const index of [1, 2, 3]) await socket.ask({ action: 'twoWay', say: String(index) });
      assert.equal((await subject.observed(key)).length, 1);
    },
  },
];
