/** The process that serves DynamoDB: dynalite's actions in memory, with the stack's tables and their limits. */
import { actionOf, faultLayer } from '../interference/http-interference.ts';
import { startInterference } from '../interference/interference.ts';
import { runChild } from '../process/child.ts';
import { listen, localHost } from '../process/listen.ts';
import type { DynamodbConfiguration, ServiceReady } from '../process/messages.ts';
import { ProcessorTime } from '../process/processor-time.ts';
import { StandstillWatch } from '../process/standstill.ts';
import { createDynamodbServer } from './dynamodb-server.ts';

runChild<DynamodbConfiguration, ServiceReady>(async (configuration, report) => {
  const interference = startInterference(configuration.interference, 'dynamodb');
  const standstill = new StandstillWatch();
  const processor = new ProcessorTime();
  const { server, drainMetrics, stop } = await createDynamodbServer({
    ...configuration,
    latencyMs: (operation) => interference.latencyMs('dynamodb', operation),
    failsEntry: (operation, caller) =>
      interference.active && interference.meets('partialFailure', { service: 'dynamodb', operation, caller }) !== null,
    layers: [
      faultLayer(interference, { callOf: (request) => ({ service: 'dynamodb', operation: actionOf(request) }) }),
    ],
  });
  const listening = await listen(server, configuration.port, 'dynamodb');
  const timer = setInterval(() => {
    const nowMs = Date.now();
    const own = [...interference.drain(nowMs), ...standstill.drain(nowMs), processor.drain(nowMs)];
    report({ kind: 'metrics', batches: [...drainMetrics(nowMs), ...own] });
  }, 1_000);
  return {
    ready: { url: `http://${localHost}:${listening}` },
    onFaults: (faults) => interference.setFaults(faults),
    async stop() {
      clearInterval(timer);
      standstill.close();
      interference.close();
      stop();
    },
  };
});
