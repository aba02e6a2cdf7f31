/** Which work an injected fault fails. Pure. */
import type { RunRecord } from '../../../record/run.ts';
import { likeOf, type Work } from './work.ts';

type InjectedFault = NonNullable<RunRecord['target']['model']>['faults'][number];

/** Whether each firing of a fault fails one of this work, or has it made again. */
export function fails({ kind, service, operation }: InjectedFault, work: Work): boolean {
  if (!['error', 'throttle', 'partition', 'lostAnswer'].includes(kind)) return false;
  const hits = (name: string) => operation.some((pattern) => matches(pattern, name));
  switch (likeOf(work)) {
    case 'pushes':
      return service === 'connectionsApi' && hits('PostToConnection');
    case 'webhooks':
      return service === 'httpApi';
    case 'connects':
      return service === 'webSocketApi' && hits('$connect');
    case 'messages':
      return service === 'webSocketApi' && operation.some((each) => !each.startsWith('$') || matches(each, '$default'));
  }
}

/** As faults name operations: `*` is any text, case is ignored. */
const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')}$`, 'i').test(name);
