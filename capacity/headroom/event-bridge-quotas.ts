/** The demand of a load on the quotas of EventBridge. */
import { atBusiest, eventRate, ruleRate, sumOf } from '../demand/rates.ts';
import type { Deployment } from './deployment.ts';
import { demandOf, type Quota, row } from './quota.ts';

/** Of all buses, and of all rules, together. */
export const eventBridgeQuotas = ({ eventBuses = [], rules = [] }: Deployment): Quota[] => [
  ...(eventBuses.length > 0 ? busRows : []),
  ...(rules.length > 0 ? [invocationsRow] : []),
];

const busRows: readonly Quota[] = [
  row('eventBridgePutEvents', {
    grows: true,
    sentence:
      'Events of all buses of the stack that a rule matches, at the busiest moment, one PutEvents each; sent in batches of ten, ten times as many fit. Events that no rule matches are not counted by CloudWatch, and are left out.',
    demand: (load, coefficients, { eventBuses = [] }) =>
      demandOf(atBusiest(load, (moment) => sumOf(eventBuses.map(({ id }) => eventRate(moment, coefficients, id))))),
  }),
  row('eventBridgeRequestBytes', {
    grows: false,
    sentence: 'The webhook’s body, as the detail of one event.',
    demand: (load) => ({ kind: 'value', value: load.webhookBytes }),
  }),
];

const invocationsRow: Quota = row('eventBridgeInvocations', {
  grows: true,
  sentence:
    'Invocations of all targets by the rules of the stack that events match, at the busiest moment; those of schedules are left out. Beyond the limit they are not refused, but come later.',
  demand: (load, coefficients, { rules = [] }) =>
    demandOf(atBusiest(load, (moment) => sumOf(rules.map(({ id }) => ruleRate(moment, coefficients, id))))),
});
