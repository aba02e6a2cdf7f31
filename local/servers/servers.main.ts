/** The process of the load balancers and caches of a stack, and parent of its tasks. */
import { startInterference } from '../interference/interference.ts';
import { runChild } from '../process/child.ts';
import type { ServersConfiguration, ServersReady } from '../process/messages.ts';
import { ProcessorTime } from '../process/processor-time.ts';
import { StandstillWatch } from '../process/standstill.ts';
import { Servers } from './servers.ts';

runChild<ServersConfiguration, ServersReady>(async (configuration, report) => {
  const interference = startInterference(configuration.interference, 'servers');
  const standstill = new StandstillWatch();
  const processor = new ProcessorTime();
  const servers = new Servers(configuration, (batches) => report({ kind: 'metrics', batches }));
  const ready = await servers.start();
  const timer = setInterval(() => {
    const timestampMs = Date.now();
    servers.interfere(interference);
    void servers.drain(timestampMs).then((batches) =>
      report({
        kind: 'metrics',
        batches: [
          ...batches,
          ...interference.drain(timestampMs),
          ...standstill.drain(timestampMs),
          processor.drain(timestampMs),
        ],
      }),
    );
  }, 1_000);
  return {
    ready,
    onFaults(faults) {
      interference.setFaults(faults);
      servers.interfere(interference);
    },
    async stop() {
      clearInterval(timer);
      standstill.close();
      interference.close();
      await servers.stop();
    },
  };
});
