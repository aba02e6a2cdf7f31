/** The process that serves SQS: fauxqs in memory, with the stack's queues and their limits. */
import { startInterference } from '../interference/interference.ts';
import { interfereWithQueues } from '../interference/queue-interference.ts';
import { runChild } from '../process/child.ts';
import type { ServiceReady, SqsConfiguration } from '../process/messages.ts';
import { ProcessorTime } from '../process/processor-time.ts';
import { StandstillWatch } from '../process/standstill.ts';
import { startSqsServer } from './sqs-server.ts';

runChild<SqsConfiguration, ServiceReady>(async (configuration, report) => {
  const interference = startInterference(configuration.interference, 'sqs');
  const standstill = new StandstillWatch();
  const processor = new ProcessorTime();
  const server = await startSqsServer({
    ...configuration,
    interpose: (store) => interfereWithQueues(store, interference),
  });
  const timer = setInterval(() => {
    const batches = [
      ...server.drainMetrics(Date.now()),
      ...interference.drain(Date.now()),
      ...standstill.drain(Date.now()),
      processor.drain(Date.now()),
    ];
    report({ kind: 'metrics', batches });
  }, 1_000);
  return {
    ready: { url: server.url },
    onFaults: (faults) => interference.setFaults(faults),
    async stop() {
      clearInterval(timer);
      standstill.close();
      interference.close();
      await server.stop();
    },
  };
});
