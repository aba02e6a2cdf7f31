/** The process that serves DynamoDB: dynalite's actions in memory, with the stack's tables and their limits. */
import { runChild } from '../process/child.ts';
import { listen, localHost } from '../process/listen.ts';
import type { DynamodbConfiguration, ServiceReady } from '../process/messages.ts';
import { createDynamodbServer } from './dynamodb-server.ts';

runChild<DynamodbConfiguration, ServiceReady>(async (configuration, report) => {
  const { server, drainMetrics, stop } = await createDynamodbServer(configuration);
  const listening = await listen(server, configuration.port, 'ports.dynamodb');
  const timer = setInterval(() => {
    const batches = drainMetrics(Date.now());
    if (batches.length > 0) report({ kind: 'metrics', batches });
  }, 1_000);
  return {
    ready: { url: `http://${localHost}:${listening}` },
    async stop() {
      clearInterval(timer);
      stop();
    },
  };
});
