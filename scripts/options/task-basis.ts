/** What is said of where the costs of tasks come from. */
import type { TaskCosts } from '../../run/variants/service-size.ts';

export function taskBasis(tasks: TaskCosts): string {
  switch (tasks.kind) {
    case 'profile': {
      const { profileId, on } = tasks.profile.measured;
      return `What each kind of load costs a task was measured by profile ${profileId} ${on === 'aws' ? 'on AWS' : 'on this machine, whose cores may be twice or half as fast as AWS’s'}; so was what a connection holds in memory, without buffers of the kernel.`;
    }
    case 'run': {
      const { runId, on } = tasks.run.measured;
      return `CPU that all units together cost tasks was measured by run ${runId} ${on === 'aws' ? 'on AWS' : 'on this machine'}: ${Number(tasks.factor.toPrecision(3))} times what is assumed. What each kind costs is in the proportion that is assumed, and what a connection holds in memory is assumed. A short run shows more than a long one: its code is not warm.`;
    }
    case 'assumed':
      return 'What a unit costs a task is assumed, from public measurements of ws and what the reference stack does beside. `loadline run --settings` with compute: server measures it, all kinds together; `loadline profile --settings` each by itself.';
  }
}
