import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { judgeHistory } from '../../history/judged-history.ts';
import { lineOf } from '../../history/lines.fixture.ts';
import { otlpEndpoint, sendNewest, sendOtlp } from './otlp.ts';

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

test.each([
  [200, /^Sent: 2 values to 127\.0\.0\.1:\d+\.$/],
  [400, /^The newest values could not be sent to 127\.0\.0\.1:\d+ \(.+\): check OTEL_EXPORTER_OTLP_ENDPOINT\./],
])('of an endpoint only the host is said: its path and query are keys (%d)', async (status, sentence) => {
  const { url } = await collector(status);
  const said: string[] = [];
  const environment = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${url}/key-of-ours?token=secret` };
  await sendNewest(history, { environment, loadline: '0.1.0', say: (line) => said.push(line) });
  expect(said).toEqual([expect.stringMatching(sentence)]);
  expect(said[0]).not.toMatch(/key-of-ours|secret/);
});

test('nor is an endpoint said in the words of what failed', async () => {
  const endpoint = 'https://somebody:secret@collector.example/key-of-ours';
  const said: string[] = [];
  await sendNewest(history, {
    ...{ environment: { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint }, loadline: '0.1.0' },
    say: (line) => said.push(line),
    send: () => Promise.reject(new Error(`Failed to parse URL from ${endpoint}, or ${endpoint}?again`)),
  });
  expect(said[0]).toContain('sent to collector.example (Failed to parse URL from collector.example');
  expect(said[0]).not.toMatch(/key-of-ours|secret/);
});
