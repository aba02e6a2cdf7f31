import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { judgeHistory } from '../../history/judged-history.ts';
import { lineOf } from '../../history/lines.fixture.ts';
import { otlpEndpoint, sendOtlp } from './otlp.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A collector as far as its protocol goes: what it was sent, by path. */
async function collector(status: number) {
  const received: { path: string; type: string; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({
      ...{ path: request.url ?? '', type: request.headers['content-type'] ?? '' },
      body: JSON.parse(Buffer.concat(chunks).toString()),
    });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, received };
}

const history = judgeHistory({
  lines: [lineOf(0, 5), lineOf(0, 7, { series: 'costs.b', unit: 'calls' })],
  acknowledgements: [],
  skipped: [],
});

test('the newest values arrive as gauges, with their units and attributes', async () => {
  const { url, received } = await collector(200);
  const endpoint = otlpEndpoint({ OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/` }) ?? '';
  expect(await sendOtlp(history, { endpoint, loadline: '0.1.0' })).toBe(2);
  expect(received).toMatchObject([{ path: '/v1/metrics', type: 'application/json' }]);
  expect(received[0]?.body).toMatchObject({
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: [
              {
                ...{ name: 'loadline.nightly', unit: 'µs/webhook' },
                gauge: {
                  dataPoints: [
                    {
                      asDouble: 5,
                      attributes: expect.arrayContaining([{ key: 'metric', value: { stringValue: 'webhook-cpu' } }]),
                    },
                  ],
                },
              },
              { unit: 'calls', gauge: { dataPoints: [{ asDouble: 7 }] } },
            ],
          },
        ],
      },
    ],
  });
});

test('a collector that refuses them is an error with its reason', async () => {
  const { url } = await collector(400);
  await expect(sendOtlp(history, { endpoint: `${url}/v1/metrics`, loadline: '0.1.0' })).rejects.toThrow();
});

test('the endpoint is that of the metrics, where one is set', () => {
  expect(otlpEndpoint({})).toBeNull();
  expect(
    otlpEndpoint({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://b/m' }),
  ).toBe('http://b/m');
});
