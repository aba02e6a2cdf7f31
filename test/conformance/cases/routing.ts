/** B3: route selection. */
import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.ts';
import type { Subject } from '../subject.ts';

/** Its expression is ${request.body.kind}-${request.body.part.name}, its routes join-room, join-, [1, 2]-x and $default. */
const selection = { variant: 'selection' } as const;

async function routeOf(subject: Subject, message: string | object): Promise<string> {
  const socket = await subject.connect({});
  const event = JSON.parse(await socket.ask(message));
  await socket.close();
  return event.requestContext.routeKey;
}

const takes = (row: string, message: string | object, routeKey: string): ConformanceCase => ({
  row,
  target: selection,
  check: async (subject) => assert.equal(await routeOf(subject, message), routeKey),
});

/** The gateway's own frames, with exactly these spaces. */
export const frameOf = (message: string) =>
  new RegExp(`^\\{"message": "${message}", "connectionId":"[^"]+", "requestId":"[^"]+"\\}$`);

export const routingCases: readonly ConformanceCase[] = [
  takes('B3.form', { kind: 'join', part: { name: 'room' } }, 'join-room'),
  takes('B3.missing', { kind: 'join' }, 'join-'),
  takes('B3.not-scalar', { kind: [1, 2], part: { name: 'x' } }, '[1, 2]-x'),
  {
    row: 'B3.match',
    target: selection,
    check: async (subject) => {
      assert.equal(await routeOf(subject, { kind: 'join', part: { name: 'room' } }), 'join-room');
      assert.equal(await routeOf(subject, { kind: 'join', part: { name: 'rooms' } }), '$default');
    },
  },
  takes('B3.not-json', 'this is not JSON', '$default'),
  {
    row: 'B3.no-route',
    check: async (subject) => {
      const socket = await subject.connect();
      for (const message of ['{"action":"unknown"}', 'this is not JSON']) {
        assert.match(await socket.ask(message), frameOf('Forbidden'));
      }
      assert.equal(await socket.ask({ action: 'twoWay', say: 'still open' }), 'still open');
    },
  },
  {
    row: 'B3.dollar-action',
    check: async (subject) => {
      const socket = await subject.connect();
      for (const action of ['$connect', '$disconnect']) {
        assert.match(await socket.ask({ action }), frameOf('Forbidden'));
      }
    },
  },
];
