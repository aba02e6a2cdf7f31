/** B4: integration responses, and A2's integration timeout. */
import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.ts';
import { shortTimeoutMs } from '../stack/settings.ts';
import { frameOf } from './routing.ts';

export const integrationCases: readonly ConformanceCase[] = [
  {
    row: 'B4.one-way',
    check: async (subject) => {
      const socket = await subject.connect();
      for (const status of [200, 301, 401, 501]) socket.send({ action: 'oneWay', status });
      await socket.silentFor(700);
      assert.equal(await socket.ask({ action: 'twoWay', say: 'open' }), 'open');
    },
  },
  {
    row: 'B4.function-fails',
    check: async (subject) => {
      const socket = await subject.connect();
      for (const end of ['throw', 'badOutput']) {
        assert.match(await socket.ask({ action: 'oneWay', end }), frameOf('Internal server error'));
        assert.match(await socket.ask({ action: 'twoWay', end }), frameOf('Internal server error'));
      }
      assert.equal(await socket.ask({ action: 'twoWay', say: 'open' }), 'open');
    },
  },
  {
    row: 'B4.timeout',
    check: async (subject) => {
      const socket = await subject.connect();
      assert.match(await socket.ask({ action: 'short', waitMs: 2_000 }), frameOf('Endpoint request timed out'));
      assert.equal(await socket.ask({ action: 'twoWay', say: 'open' }), 'open');
    },
  },
  {
    row: 'A2.integration-timeout',
    check: async (subject) => {
      const socket = await subject.connect();
      await socket.ask({ action: 'short', say: 'warm' });
      const started = performance.now();
      await socket.ask({ action: 'short', waitMs: 2_500 });
      const tookMs = performance.now() - started;
      assert.ok(tookMs >= shortTimeoutMs - 1 && tookMs < 2_400, `answered after ${tookMs} ms`);
    },
  },
  {
    row: 'B4.function-throttled',
    check: async (subject) => {
      const socket = await subject.connect();
      assert.match(await socket.ask({ action: 'never' }), frameOf('Internal server error'));
    },
  },
  {
    row: 'B4.throttled',
    alone: true,
    check: async (subject) => {
      const socket = await subject.connect();
      const sent = 400;
      for (let index = 0; index < sent; index++) socket.send({ action: 'throttled', say: 'served' });
      const answers: string[] = [];
      while (answers.length < sent) answers.push(await socket.next());
      const refused = answers.filter((answer) => answer !== 'served');
      assert.ok(refused.length > 0, `none of ${sent} simultaneous messages was refused`);
      for (const answer of refused) assert.match(answer, frameOf('Too Many Requests'));
      assert.equal(await socket.ask({ action: 'twoWay', say: 'open' }), 'open');
    },
  },
  {
    row: 'B4.two-way',
    check: async (subject) => {
      const socket = await subject.connect();
      assert.equal(await socket.ask({ action: 'twoWay', say: 'this' }), 'this');
    },
  },
  {
    row: 'B4.two-way-status',
    check: async (subject) => {
      const socket = await subject.connect();
      assert.equal(await socket.ask({ action: 'twoWay', say: 'not found', status: 404 }), 'not found');
    },
  },
  {
    row: 'B4.order',
    check: async (subject) => {
      const socket = await subject.connect();
      socket.send({ action: 'twoWay', say: 'slow', waitMs: 1_500 });
      socket.send({ action: 'twoWay', say: 'fast' });
      assert.deepEqual([await socket.next(), await socket.next()], ['fast', 'slow']);
    },
  },
  {
    row: 'B4.retries',
    check: async (subject) => {
      const socket = await subject.connect();
      assert.match(await socket.ask({ action: 'oneWay', end: 'throw' }), frameOf('Internal server error'));
      // A second attempt would end in a second frame.
      await socket.silentFor(1_000);
    },
  },
];
