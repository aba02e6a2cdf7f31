/** A part that behaves as configured, for tests of how processes of a target start and end. */
import { runChild } from '../process/child.ts';
import { PortError } from '../process/listen.ts';

export type StubBehaviour = 'serves' | 'fails' | 'portTaken' | 'exits' | 'neverReady';

runChild<StubBehaviour, { behaviour: StubBehaviour }>(async (behaviour, report) => {
  switch (behaviour) {
    case 'fails':
      throw new Error('The stub refuses to start.');
    case 'portTaken':
      throw new PortError({ kind: 'portInUse', port: 8080, which: 'sqs' });
    case 'exits':
      console.error('first line\nlast words');
      process.exit(3);
      break;
    case 'neverReady':
      await new Promise(() => undefined);
      break;
    case 'serves':
      break;
  }
  return {
    ready: { behaviour },
    stop: async () => undefined,
    onFaults: (faults) => report({ kind: 'spreadFaults', faults }),
  };
});
