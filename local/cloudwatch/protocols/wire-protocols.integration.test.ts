/** Requests recorded from clients that cannot be installed everywhere, replayed byte for byte. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCloudWatchHandler } from '../handler.ts';
import { MetricStore } from '../store/metric-store.ts';
import { type RecordedRequest, recordedFaultyCbor, recordedRequests } from './recorded-requests.fixture.ts';
import { decodeBody } from './rpc-v2-cbor.ts';

const putSecond = 1_790_000_040;
let server: Server;
let endpoint: string;
let store = new MetricStore();

beforeAll(async () => {
  server = createServer((request, response) =>
    createCloudWatchHandler(store, { now: () => (putSecond + 60) * 1_000 })(request, response),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});
beforeEach(() => {
  store = new MetricStore();
});

async function send({ path, headers, body }: RecordedRequest) {
  const response = await fetch(endpoint + path, { method: 'POST', headers, body: new Uint8Array(body) });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

/** XML without the request id, which differs each time. */
const xmlOf = (body: Buffer) => body.toString().replace(/<RequestId>[0-9a-f-]{36}<\/RequestId>/, '<RequestId/>');
const xmlns = 'xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"';
const metadata = '<ResponseMetadata><RequestId/></ResponseMetadata>';

describe('Query, as AWS CLI 2.9 uses it', () => {
  const { PutMetricData, ListMetrics, GetMetricStatistics, GetMetricData } = recordedRequests.query;

  it('puts metrics', async () => {
    const { status, headers, body } = await send(PutMetricData);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/xml']);
    expect(xmlOf(body)).toBe(`<PutMetricDataResponse ${xmlns}>${metadata}</PutMetricDataResponse>`);
    expect([...store.list()].map(({ name, dimensions }) => [name, dimensions])).toEqual([
      ['Latency', { Page: 'home & away' }],
      ['Set', {}],
    ]);
  });

  it('lists metrics, with characters that XML must escape', async () => {
    await send(PutMetricData);
    expect(xmlOf((await send(ListMetrics)).body)).toBe(
      `<ListMetricsResponse ${xmlns}><ListMetricsResult><Metrics><member><Namespace>Demo</Namespace><MetricName>Latency</MetricName>` +
        '<Dimensions><member><Name>Page</Name><Value>home &amp; away</Value></member></Dimensions></member></Metrics></ListMetricsResult>' +
        `${metadata}</ListMetricsResponse>`,
    );
  });

  it('returns statistics: 17.5 in 4 samples, percentiles as a map', async () => {
    await send(PutMetricData);
    expect(xmlOf((await send(GetMetricStatistics)).body)).toBe(
      `<GetMetricStatisticsResponse ${xmlns}><GetMetricStatisticsResult><Label>Latency</Label><Datapoints><member>` +
        '<Timestamp>2026-09-21T14:14:00Z</Timestamp><Unit>Milliseconds</Unit><Sum>17.5</Sum><Average>4.375</Average>' +
        '<ExtendedStatistics><entry><key>p50</key><value>2</value></entry></ExtendedStatistics></member></Datapoints>' +
        `</GetMetricStatisticsResult>${metadata}</GetMetricStatisticsResponse>`,
    );
  });

  it('returns metric maths over a metric that is not itself returned', async () => {
    await send(PutMetricData);
    expect(xmlOf((await send(GetMetricData)).body)).toBe(
      `<GetMetricDataResponse ${xmlns}><GetMetricDataResult><MetricDataResults><member><Id>e1</Id><Label>twice &amp; &lt;more&gt;</Label>` +
        '<Timestamps><member>2026-09-21T14:14:00Z</member></Timestamps><Values><member>25</member></Values>' +
        '<StatusCode>Complete</StatusCode></member></MetricDataResults><Messages></Messages></GetMetricDataResult>' +
        `${metadata}</GetMetricDataResponse>`,
    );
  });

  it.each([
    ['no Action', 'Version=2010-08-01', 400, 'MissingAction'],
    ['another Version', 'Action=ListMetrics&Version=2009-05-15', 400, 'InvalidAction'],
    ['an unknown action', 'Action=DescribeAlarms&Version=2010-08-01', 400, 'InvalidAction'],
    ['a property of every object', 'Action=constructor&Version=2010-08-01', 400, 'InvalidAction'],
    ['no metric', 'Action=PutMetricData&Version=2010-08-01', 400, 'ValidationError'],
    [
      'no statistic',
      'Action=GetMetricStatistics&Namespace=N&MetricName=M&StartTime=2026-09-21T14:13:00Z&EndTime=2026-09-21T14:14:00Z&Period=60',
      400,
      'MissingParameter',
    ],
    ['an invalid number', 'Action=GetMetricData&MaxDatapoints=many', 400, 'MalformedInput'],
  ])('answers %s with the code of AWS', async (_, text, status, code) => {
    const answer = await send({ ...PutMetricData, body: Buffer.from(text) });
    expect(answer.status).toBe(status);
    expect(xmlOf(answer.body)).toMatch(
      new RegExp(
        `^<ErrorResponse ${xmlns}><Error><Type>Sender</Type><Code>${code}</Code><Message>[^<]+</Message></Error>`,
      ),
    );
  });

  it('accepts the form in the URL of a presigned GET', async () => {
    await send(PutMetricData);
    const response = await fetch(
      `${endpoint}/?Action=ListMetrics&Version=2010-08-01&RecentlyActive=PT3H&X-Amz-Signature=0a`,
    );
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<MetricName>Set</MetricName>');
  });
});

describe('Smithy RPC v2 CBOR, as botocore uses it', () => {
  const { PutMetricData, ListMetrics, GetMetricStatistics, GetMetricData } = recordedRequests.cbor;

  it('puts metrics', async () => {
    const { status, headers, body } = await send(PutMetricData);
    expect([status, headers.get('content-type'), headers.get('smithy-protocol')]).toEqual([
      200,
      'application/cbor',
      'rpc-v2-cbor',
    ]);
    expect(decodeBody(body)).toEqual({});
    expect([...store.list()]).toHaveLength(2);
  });

  it('answers the reads with the values put, times under tag 1', async () => {
    await send(PutMetricData);
    const Dimensions = [{ Name: 'Page', Value: 'home & away' }];
    expect(decodeBody((await send(ListMetrics)).body)).toEqual({
      Metrics: [{ Namespace: 'Demo', MetricName: 'Latency', Dimensions }],
    });
    expect(decodeBody((await send(GetMetricStatistics)).body)).toEqual({
      Label: 'Latency',
      Datapoints: [
        { Timestamp: putSecond, Unit: 'Milliseconds', Sum: 17.5, Average: 4.375, ExtendedStatistics: { p50: 2 } },
      ],
    });
    const { body } = await send(GetMetricData);
    expect(decodeBody(body)).toMatchObject({
      MetricDataResults: [{ Id: 'e1', Timestamps: [putSecond], Values: [25], StatusCode: 'Complete' }],
    });
    // Without the tag a client would read the time as a number.
    const time = Buffer.alloc(6);
    time.writeUInt16BE(0xc11a);
    time.writeUInt32BE(putSecond, 2);
    expect(body.includes(time)).toBe(true);
  });

  it('returns an error with its shape and its Query code', async () => {
    const { status, headers, body } = await send(recordedFaultyCbor);
    expect([status, headers.get('x-amzn-query-error')]).toEqual([400, 'MissingParameter;Sender']);
    expect(decodeBody(body)).toEqual({
      __type: 'com.amazonaws.cloudwatch#MissingRequiredParameterException',
      message: 'Statistics or ExtendedStatistics is required.',
    });
  });

  it.each([
    ['a body that is not CBOR', 'ListMetrics', [0xff], 'SerializationException'],
    ['a list that announces 2^32 items', 'ListMetrics', [0x9a, 0xff, 0xff, 0xff, 0xff], 'SerializationException'],
    ['deeply nested lists', 'ListMetrics', Array<number>(100_000).fill(0x81), 'SerializationException'],
    ['an unknown operation', 'DescribeAlarms', [0xa0], 'UnknownOperationException'],
    ['another service', '../../Other/operation/ListMetrics', [0xa0], 'UnknownOperationException'],
  ])('refuses %s', async (_, name, bytes, shape) => {
    const path = ListMetrics.path.replace('ListMetrics', name);
    const { status, body } = await send({ ...ListMetrics, path, body: Buffer.from(bytes) });
    expect(status).toBe(400);
    expect(decodeBody(body)).toMatchObject({ __type: `com.amazonaws.cloudwatch#${shape}` });
  });
});
