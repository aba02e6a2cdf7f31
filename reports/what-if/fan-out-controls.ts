/** The controls of channels, broadcasts and those far above the mean: as far as the plan has them. Pure. */
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import type { FieldRules } from './bounds.ts';
import { type Control, type Path, readAt } from './control.ts';
import { linear, log, type NumberField, planNumber, planSwitch, share } from './number-control.ts';

const ofChannel: readonly Omit<NumberField, 'group'>[] = [
  { key: 'count', label: 'Channels', unit: 'channels', slider: log(1, 100_000) },
  { key: 'size', label: 'Subscribers of each', unit: 'connections', slider: log(1, 100_000) },
  { key: 'size.largest', label: 'Subscribers of the largest', unit: 'connections', slider: log(1, 100_000) },
  { key: 'size.exponent', label: 'Exponent of Zipf’s law', unit: '', slider: linear(0, 3) },
  { key: 'publishesPerMinute', label: 'Publishes', unit: 'a channel and minute', slider: log(0, 6_000) },
  {
    ...{ key: 'publishesPerSubscriberPerMinute', label: 'Publishes', unit: 'a subscriber and minute' },
    slider: log(0, 600),
  },
  { key: 'publishBytes', label: 'Size of a publish', unit: 'bytes', slider: log(16, 131_072) },
  { key: 'collectSeconds', label: 'Collected and pushed as one', unit: 's', slider: linear(0, 10) },
];
const ofBroadcast: readonly Omit<NumberField, 'group'>[] = [
  { key: 'deadlineSeconds', label: 'To every connection within', unit: 's', slider: log(1, 3_600) },
  { key: 'perDay', label: 'Broadcasts', unit: 'a day', slider: log(0, 1_000) },
  { key: 'bytes', label: 'Size of a broadcast', unit: 'bytes', slider: log(16, 131_072) },
];
const ofLargest: readonly Omit<NumberField, 'group'>[] = [
  {
    key: 'userConnections',
    label: 'Tabs of the user with the most',
    unit: 'connections',
    slider: log(1, 10_000),
    without: ['not given', null],
  },
  {
    key: 'userWebhooksPerDay',
    label: 'Webhooks of the user with the most',
    unit: 'a day',
    slider: log(1, 1e6),
    without: ['not given', null],
  },
  {
    key: 'channelSubscribers',
    label: 'Subscribers of the largest channel',
    unit: 'connections',
    slider: log(1, 1e6),
    without: ['not given', null],
  },
  { key: 'channelPublishesPerMinute', label: 'Publishes to it', unit: 'a minute', slider: log(0, 6_000) },
  {
    key: 'tenantShare',
    label: 'Users in the largest tenant',
    unit: 'share of users',
    slider: share,
    without: ['not given', null],
  },
];

/** What the switches begin with. */
const firstChannels = [{ count: 1, size: 100, publishesPerMinute: 10, publishBytes: 256, collectSeconds: 0 }];
const firstBroadcast = { deadlineSeconds: 60, perDay: 1, bytes: 256 };
const firstLargest = { channelPublishesPerMinute: 1 };

export function fanOutControls(plan: UsagePlan, base: UsagePlan, rules: FieldRules): Control[] {
  const under = (at: Path, list: typeof ofChannel, what = '') =>
    list.flatMap((field): Control[] => {
      const path = [...at, ...field.key.split('.')];
      const isThere = typeof readAt(plan, path) === 'number' || field.without !== undefined;
      const label = `${field.label}${what}`;
      return isThere ? [planNumber(path, { ...field, label, group: 'fanOut' }, rules, base)] : [];
    });
  const channels = plan.channels ?? [];
  return [
    planSwitch('channels', 'fanOut', 'Channels', base.channels ?? firstChannels),
    ...channels.flatMap(({ name }, n) =>
      under(['channels', n], ofChannel, channels.length > 1 || name ? ` (${name ?? n + 1})` : ''),
    ),
    planSwitch('broadcast', 'fanOut', 'Broadcasts', base.broadcast ?? firstBroadcast),
    ...(plan.broadcast ? under(['broadcast'], ofBroadcast) : []),
    planSwitch('largest', 'fanOut', 'Users and channels far above the mean', base.largest ?? firstLargest),
    ...(plan.largest ? under(['largest'], ofLargest) : []),
  ];
}
