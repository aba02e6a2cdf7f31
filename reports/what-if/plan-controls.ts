/** The controls of a usage plan. Which there are follows from the plan: each kind of channels has its own. */
import { assumedHeaderBytes, assumedOutageSeconds, assumedTokenBytes } from '../../capacity/demand/assumed-usage.ts';
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import type { FieldRules } from './bounds.ts';
import type { Control } from './control.ts';
import { fanOutControls } from './fan-out-controls.ts';
import {
  atLeast,
  linear,
  log,
  type NumberField,
  numberInput,
  planNumber,
  planSwitch,
  share,
} from './number-control.ts';

const fields: readonly NumberField[] = [
  { key: 'users', label: 'Users', unit: 'users', group: 'usage' },
  { key: 'peakConcurrency', label: 'Online at the peak', unit: 'share of users', group: 'usage', slider: share },
  { key: 'tabsPerUser', label: 'Tabs of a user', unit: 'connections', group: 'usage', slider: log(1, 20) },
  {
    key: 'messagesPerUserPerMinute',
    label: 'Messages',
    unit: 'a user and minute',
    group: 'usage',
    slider: log(0, 600),
  },
  { key: 'messageBytes', label: 'Size of a message', unit: 'bytes', group: 'usage', slider: log(16, 131_072) },
  {
    ...{ key: 'heartbeatSeconds', label: 'Heartbeat after silence', unit: 's', group: 'usage', slider: log(5, 599) },
    without: ['none', null],
  },
  { key: 'webhooksPerUserPerDay', label: 'Webhooks', unit: 'a user and day', group: 'webhooks' },
  { key: 'webhookBurstFactor', label: 'Burst', unit: 'times the daily mean', group: 'webhooks', slider: log(1, 1_000) },
  { key: 'webhookBurstSeconds', label: 'Length of a burst', unit: 's', group: 'webhooks', slider: log(1, 3_600) },
  { key: 'webhookBytes', label: 'Size of a webhook', unit: 'bytes', group: 'webhooks', slider: log(64, 1_048_576) },
  {
    ...{ key: 'consumerOutageSeconds', label: 'Longest outage behind the queue', unit: 's', group: 'webhooks' },
    slider: log(60, 1_209_600),
    without: ['a day', assumedOutageSeconds],
  },
  {
    ...{ key: 'loginWindowSeconds', label: 'Everybody comes within', unit: 's', group: 'arrivals' },
    slider: log(10, 86_400),
    without: ['spread over the day', null],
  },
  {
    ...{
      key: 'loginShare',
      label: 'Of whom come in that window',
      unit: 'share of users',
      group: 'arrivals',
      slider: share,
    },
    without: ['all who are online at the peak', null],
  },
  {
    ...{ key: 'recoveryObjectiveSeconds', label: 'All back after an outage within', unit: 's', group: 'arrivals' },
    slider: log(1, 3_600),
    without: ['no objective', null],
  },
  {
    ...{ key: 'tokenBytes', label: 'Size of a token', unit: 'bytes', group: 'arrivals', slider: log(64, 8_192) },
    without: [`${assumedTokenBytes} bytes`, assumedTokenBytes],
  },
  {
    ...{ key: 'headerBytes', label: 'Size of a handshake’s headers', unit: 'bytes', group: 'arrivals' },
    slider: log(64, 16_384),
    without: [`${assumedHeaderBytes} bytes`, assumedHeaderBytes],
  },
  {
    ...{ key: 'growthPerMonth', label: 'Growth', unit: 'a month', group: 'growth', later: true },
    slider: linear(-0.1, 0.5),
  },
  {
    ...{ key: 'horizonMonths', label: 'Look ahead', unit: 'months', group: 'growth', later: true },
    slider: linear(1, 60),
  },
  {
    ...{ key: 'quotaLeadDays', label: 'AWS grants an increase after', unit: 'days', group: 'growth', later: true },
    slider: linear(0, 90),
  },
];

const meanToPeak: NumberField = {
  ...{ key: 'meanToPeak', label: 'Mean load of a day', unit: 'share of the peak', group: 'growth', slider: share },
  without: ['half of the peak', 0.5],
};

/** Of pages with the client, where the stack serves it. */
const clientNumbers: readonly NumberField[] = [
  {
    ...{ key: 'syncClient.stageSeconds', label: 'A tab reads the stage each', unit: 's', group: 'arrivals' },
    slider: log(1, 3_600),
  },
  {
    ...{ key: 'syncClient.pollSeconds', label: 'A tab without a connection polls each', unit: 's', group: 'arrivals' },
    slider: log(1, 3_600),
  },
  {
    ...{ key: 'syncClient.blockedShare', label: 'Networks that let no WebSocket through', unit: 'share of users' },
    ...{ group: 'arrivals', slider: linear(0, 0.5) },
  },
];

/** `base`: the plan of the report, which sliders are centred on. */
export function planControls(plan: UsagePlan, base: UsagePlan, rules: FieldRules): Control[] {
  const numberAt = (field: NumberField) => planNumber([field.key], field, rules, base);
  const day = plan.hourlyLoad === undefined && plan.peakHours === undefined ? [meanToPeak] : [];
  const shown = [...fields, ...day].filter(({ key }) => !(key === 'growthPerMonth' && plan.growthHistory));
  return [
    ...shown.map(numberAt),
    ...(base.growthHistory
      ? [planSwitch('growthHistory', 'growth', 'Growth fitted to the history', base.growthHistory)]
      : []),
    ...(base.syncClient ? clientNumbers.map((field) => planNumber(field.key.split('.'), field, rules, base)) : []),
    ...stageControls(plan, rules),
    ...fanOutControls(plan, base, rules),
    planSwitch('newTable', 'usage', 'The table has carried no load yet', true),
    planSwitch('managedInstances', 'usage', 'Functions on Lambda Managed Instances', true),
  ];
}

function stageControls({ rollout }: UsagePlan, rules: FieldRules): Control[] {
  return rollout.flatMap((stage, n): Control[] => {
    const path = (key: string) => ['plan', 'rollout', n, key];
    const named = { group: 'growth', hint: '', later: true } as const;
    return [
      { id: `rollout.${n}.stage`, path: path('stage'), ...named, label: `Stage ${n + 1}`, input: { kind: 'text' } },
      {
        ...{ id: `rollout.${n}.date`, path: path('date'), ...named, input: { kind: 'date' } },
        label: `First day of “${stage.stage}”`,
      },
      {
        ...{ id: `rollout.${n}.share`, path: path('share'), ...named, label: `Share of users in “${stage.stage}”` },
        input: numberInput({
          unit: 'share of users',
          bounds: rules['rollout.share']?.bounds ?? atLeast(0, 1, false),
          slider: linear(0, 1),
          absent: null,
        }),
      },
    ];
  });
}
