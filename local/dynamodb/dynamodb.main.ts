/** The process that serves DynamoDB: dynalite in memory, with the stack's tables. */
import { runChild } from '../process/child.ts';
import { listen, localHost } from '../process/listen.ts';
import type { DynamodbConfiguration, ServiceReady } from '../process/messages.ts';
import { createMeteredDynalite } from './metered-dynalite.ts';
import { TableMetrics } from './table-metrics.ts';

runChild<DynamodbConfiguration, ServiceReady>(async ({ port, tables }, report) => {
  const metrics = new TableMetrics();
  const { server, call } = createMeteredDynalite(metrics);
  for (const { createTable } of tables) await call('CreateTable', createTable);
  const listening = await listen(server, port, 'ports.dynamodb');
  const timer = setInterval(() => {
    const batches = metrics.drain(Date.now());
    if (batches.length > 0) report({ kind: 'metrics', batches });
  }, 1_000);
  return {
    ready: { url: `http://${localHost}:${listening}` },
    async stop() {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
    },
  };
});
