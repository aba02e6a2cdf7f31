/** D1: API Gateway's metrics, from the actions of the case. */
import assert from 'node:assert/strict';
import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import type { ConformanceCase } from '../conformance-case.ts';
import { maxOf, sumNow, sumOf } from '../metrics.ts';
import { idOf } from './frames.ts';
import { grows } from './grows.ts';
import { httpMetric, webSocketMetric } from './metric-names.ts';

export const gatewayMetricCases: readonly ConformanceCase[] = [
  grows('D1.connect-count', (subject) => webSocketMetric(subject, 'ConnectCount'), {
    by: 2,
    async act(subject) {
      await subject.handshake({ token: 'me', status: '403' });
      await subject.handshake({ token: 'me' });
    },
  }),
  grows('D1.message-count', (subject) => webSocketMetric(subject, 'MessageCount'), {
    // Two in, two out, one posted.
    by: 5,
    async act(subject) {
      const socket = await subject.connect();
      const ConnectionId = await idOf(socket);
      await socket.ask({ action: 'twoWay', say: 'x' });
      await subject.management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }));
      await socket.next();
    },
  }),
  grows('D1.integration-error', (subject) => webSocketMetric(subject, 'IntegrationError'), {
    by: 1,
    act: async (subject) => (await subject.connect()).ask({ action: 'twoWay', status: 500, say: 'x' }),
  }),
  grows('D1.client-error', (subject) => webSocketMetric(subject, 'ClientError'), {
    by: 1,
    act: async (subject) => (await subject.connect()).ask({ action: 'unknown' }),
  }),
  grows('D1.execution-error', (subject) => webSocketMetric(subject, 'ExecutionError'), {
    by: 1,
    act: async (subject) => (await subject.connect()).ask({ action: 'oneWay', end: 'badOutput' }),
  }),
  {
    row: 'D1.ws-latency',
    check: async (subject) => {
      await (await subject.connect()).ask({ action: 'twoWay', waitMs: 700, say: 'x' });
      await maxOf(subject, webSocketMetric(subject, 'IntegrationLatency'), 700);
    },
  },
  grows('D1.http-count', (subject) => httpMetric(subject, 'Count'), {
    by: 3,
    act: (subject) => Promise.all([1, 2, 3].map(() => subject.http('/plain'))),
  }),
  {
    row: 'D1.http-errors',
    check: async (subject) => {
      const [before4xx, before5xx] = [
        await sumNow(subject, httpMetric(subject, '4xx')),
        await sumNow(subject, httpMetric(subject, '5xx')),
      ];
      await Promise.all([subject.http('/nowhere'), subject.http('/throw')]);
      await sumOf(subject, httpMetric(subject, '4xx'), before4xx + 1);
      await sumOf(subject, httpMetric(subject, '5xx'), before5xx + 1);
    },
  },
  {
    row: 'D1.http-latency',
    check: async (subject) => {
      await subject.http('/slow');
      const latency = await maxOf(subject, httpMetric(subject, 'Latency'), 950);
      assert.ok(latency >= (await maxOf(subject, httpMetric(subject, 'IntegrationLatency'), 950)));
    },
  },
  grows('D1.data-processed', (subject) => httpMetric(subject, 'DataProcessed'), {
    by: 100_000,
    act: (subject) => subject.http('/echo', { method: 'POST', body: 'x'.repeat(100_000) }),
  }),
  {
    row: 'D1.dimensions',
    check: async (subject) => {
      await subject.http('/plain');
      const { webhookApiId, webhookStage } = subject.description.resources;
      const both = { ApiId: webhookApiId, Stage: webhookStage };
      await sumOf(subject, { namespace: 'AWS/ApiGateway', name: 'Count', dimensions: both }, 1);
      // The stage does not enable detailed metrics.
      const byRoute = { ...both, Route: 'GET /plain' };
      assert.equal(await sumNow(subject, { namespace: 'AWS/ApiGateway', name: 'Count', dimensions: byRoute }), 0);
    },
  },
];
