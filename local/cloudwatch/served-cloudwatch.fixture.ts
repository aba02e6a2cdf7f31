/** CloudWatch at a fixed time, served for the SDK. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { CloudWatchClient, type MetricDataQuery, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { createCloudWatchHandler } from './handler.ts';
import { MetricStore } from './store/metric-store.ts';

/** A whole minute. */
const startSecond = 1_790_000_040;
/** @param second counted from {@link startSecond}; the clock of the service stands at 60. */
export const at = (second: number) => new Date((startSecond + second) * 1_000);

export const query = (Id: string, MetricName: string, Stat: string, Period = 1): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: 'Test', MetricName, Dimensions: [{ Name: 'D', Value: 'd' }] }, Stat, Period },
});

export async function serveCloudWatch() {
  let store = new MetricStore();
  const server = createServer((request, response) =>
    createCloudWatchHandler(store, { now: () => (startSecond + 60) * 1_000 })(request, response),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const client = new CloudWatchClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    endpoint,
    client,
    get store() {
      return store;
    },
    /** Deletes everything that was put. */
    empty() {
      store = new MetricStore();
    },
    async stop() {
      client.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** 1 to 100 in second 0; 7 in second 2; nothing in second 1. */
export async function putLatencies(client: CloudWatchClient): Promise<void> {
  const metric = { MetricName: 'Latency', Dimensions: [{ Name: 'D', Value: 'd' }], Unit: 'Milliseconds' as const };
  const Values = Array.from({ length: 100 }, (_, index) => index + 1);
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'Test',
      MetricData: [
        { ...metric, Timestamp: at(0), Values },
        { ...metric, Timestamp: at(2), Value: 7 },
      ],
    }),
  );
}
