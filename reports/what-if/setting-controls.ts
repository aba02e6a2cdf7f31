/** The stack's settings that quotas and costs depend on: of each API, function and queue. Bounds are those of AWS. Pure. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { webhookApi } from '../../capacity/headroom/deployed.ts';
import type { DeployedFunction, Deployment, EnteredApi, FedQueue } from '../../capacity/headroom/deployment.ts';
import { forwarders } from '../../capacity/recommendations/direct-webhooks.ts';
import type { WhatIfBase } from './answer.ts';
import type { Absent, Control, ControlInput, Inputs, Path, Slider } from './control.ts';
import { atLeast, linear, log, numberInput } from './number-control.ts';

const whole = (unit: string, [least, most]: [number, number], slider: Slider, absent: Absent | null = null) =>
  numberInput({ unit, bounds: atLeast(least, most), slider, absent });
const yesNo: ControlInput = { kind: 'switch', on: true, off: false };
const without = (text: string, inForce: number | null = null): Absent => ({ text, value: null, inForce });

type Setting = Pick<Control, 'id' | 'path' | 'label' | 'input'> & Partial<Pick<Control, 'also' | 'hint'>>;

/** What the stack does not have has no control. `base`: what the report was made from. */
export function settingControls({ deployment, withoutFunctions = [] }: Inputs, base: WhatIfBase): Control[] {
  const { webSocket, functions, queues } = deployment;
  const webhook = webhookApi(deployment);
  const isOwn = deployment.code !== undefined;
  const settings: Setting[] = [
    ...(webSocket ? apiSettings('webSocket', webSocket) : []),
    ...(webhook ? apiSettings('webhook', webhook) : []),
    ...routeMetrics(deployment),
    ...functions.flatMap((each, n) => (withoutFunctions.includes(each.id) ? [] : functionSettings(each, n))),
    ...queues.flatMap((queue, n) =>
      // Of one that several functions empty, the first one's settings are in force.
      queues.findIndex(({ id }) => id === queue.id) === n
        ? queueSettings(queue, { n, isOwn, isOnly: queues.length === 1, before: base.deployment.queues[n] })
        : [],
    ),
    ...eventSettings(deployment),
    ...fallbackSettings(deployment),
  ];
  const ofDeployment = settings.map(
    ({ id, path, also = [], hint = '', ...others }): Control => ({
      ...{ id: `settings.${id}`, path: ['deployment', ...path], group: 'settings', hint },
      also: also.map((each) => ['deployment', ...each]),
      ...others,
    }),
  );
  return [...directWebhooks(base), ...ofDeployment];
}

const apiNames = { webSocket: 'WebSocket API', webhook: 'webhook API' };

function apiSettings(key: keyof typeof apiNames, { id, throttle }: EnteredApi): Setting[] {
  const name = apiNames[key];
  const ofThrottle: Setting[] = [
    {
      ...{ id: `${id}.ratePerSecond`, path: [key, 'throttle', 'ratePerSecond'], label: `Throttle of the ${name}` },
      input: numberInput({
        ...{ unit: 'requests/s', bounds: { ...atLeast(0, 1e6, false), aboveLeast: true }, slider: log(10, 100_000) },
        absent: null,
      }),
    },
    {
      ...{ id: `${id}.burst`, path: [key, 'throttle', 'burst'], label: `Burst of the ${name}` },
      input: whole('requests', [1, 1e6], log(10, 100_000)),
    },
  ];
  return [
    ...(throttle === null ? [] : ofThrottle),
    { id: `${id}.accessLogs`, path: [key, 'accessLogs'], label: `Access log of the ${name}`, input: yesNo },
  ];
}

/** One setting for both APIs. */
function routeMetrics({ webSocket, ...deployment }: Deployment): Setting[] {
  const webhook = webhookApi(deployment);
  const paths: Path[] = [
    ...(webSocket ? [['webSocket', 'detailedMetrics']] : []),
    ...(webhook ? [['webhook', 'detailedMetrics']] : []),
  ];
  const [path, ...also] = paths;
  return path ? [{ id: 'detailedMetrics', path, also, label: 'Metrics of each route', input: yesNo }] : [];
}

/** Where functions only put webhooks into a queue, the API can do that by itself. */
function directWebhooks(base: WhatIfBase): Control[] {
  const ids = forwarders(base).map(({ id }) => id);
  if (ids.length === 0) return [];
  return [
    {
      ...{ id: 'settings.directWebhooks', path: ['withoutFunctions'], group: 'settings', hint: '' },
      label: `Webhooks go into the queue without ${ids.join(', ')}`,
      input: { kind: 'switch', on: ids, off: undefined },
    },
  ];
}

function functionSettings({ id }: DeployedFunction, n: number): Setting[] {
  const at = (key: string): Path => ['functions', n, key];
  return [
    {
      ...{ id: `${id}.reservedConcurrency`, path: at('reservedConcurrency'), label: `Reserved concurrency of ${id}` },
      input: whole('executions', [0, 1e6], log(0, 10_000), without('none reserved')),
    },
    {
      ...{ id: `${id}.memoryMb`, path: at('memoryMb'), label: `Memory of ${id}` },
      input: whole('MB', [128, 10_240], log(128, 10_240)),
      hint: 'Durations stay as they were measured: memory changes the cost here, and on AWS the speed as well.',
    },
  ];
}

interface QueuePlace {
  n: number;
  /** Of the reference stack, whose settings have bounds of their own. */
  isOwn: boolean;
  isOnly: boolean;
  /** As the report has it. */
  before: FedQueue | undefined;
}

function queueSettings(queue: FedQueue, { n, isOwn, isOnly, before }: QueuePlace): Setting[] {
  const { id, isFifo, provisionedPollers, maxReceiveCount } = queue;
  const name = isOnly ? 'the queue' : id;
  const at = (...keys: string[]): Path => ['queues', n, ...keys];
  const ofPollers: Setting[] = provisionedPollers
    ? [
        {
          ...{ id: `${id}.leastPollers`, path: at('provisionedPollers', 'minimum'), label: `Pollers kept for ${name}` },
          input: whole('pollers', [2, 200], log(2, 200)),
        },
        {
          ...{ id: `${id}.mostPollers`, path: at('provisionedPollers', 'maximum'), label: `Most pollers of ${name}` },
          input: whole('pollers', [2, 2_000], log(2, 2_000)),
        },
      ]
    : [
        {
          ...{
            id: `${id}.maximumConcurrency`,
            path: at('maximumConcurrency'),
            label: `Maximum concurrency of ${name}`,
          },
          input: whole('executions', [2, 1_000], log(2, 1_000), without('the pollers’ own limit')),
        },
      ];
  return [
    {
      ...{ id: `${id}.batchSize`, path: at('batchSize'), label: `Batch size of ${name}` },
      input: whole('messages', [1, isFifo ? 10 : 10_000], log(1, isFifo ? 10 : 1_000)),
    },
    ...ofPollers,
    {
      ...{ id: `${id}.retentionSeconds`, path: at('retentionSeconds'), label: `Messages stay in ${name}` },
      input: whole('s', [60, 1_209_600], log(60, 1_209_600), defaultRetention(before)),
    },
    {
      ...{ id: `${id}.visibilityTimeoutSeconds`, path: at('visibilityTimeoutSeconds') },
      ...{ label: `Visibility timeout of ${name}`, input: whole('s', [isOwn ? 7 : 0, 43_200], log(10, 43_200)) },
    },
    ...(maxReceiveCount === null
      ? []
      : [
          {
            ...{ id: `${id}.maxReceiveCount`, path: at('maxReceiveCount') },
            label: `Receives before the dead letters of ${name}`,
            input: whole('', [isOwn ? 5 : 1, 1_000], linear(isOwn ? 5 : 1, 100)),
          },
        ]),
  ];
}

/** Where a template does not say, AWS's default holds. */
const defaultRetention = (before: FedQueue | undefined): Absent | null =>
  before?.retentionSeconds === null ? without('four days', quotaFact('sqsRetention').default) : null;

/** Of the API that clients without a connection ask. */
const fallbackSettings = ({ code }: Deployment): Setting[] =>
  code?.fallback
    ? [
        {
          ...{ id: 'fallback.ratePerSecond', path: ['code', 'fallback', 'throttle', 'ratePerSecond'] },
          label: 'Throttle of the fallback',
          input: numberInput({
            ...{
              unit: 'requests/s',
              bounds: { ...atLeast(0, 1e6, false), aboveLeast: true },
              slider: log(10, 100_000),
            },
            absent: null,
          }),
        },
        {
          ...{ id: 'fallback.burst', path: ['code', 'fallback', 'throttle', 'burst'], label: 'Burst of the fallback' },
          input: whole('requests', [1, 1e6], log(10, 100_000)),
        },
      ]
    : [];

const eventSettings = ({ code }: Deployment): Setting[] =>
  code?.storage
    ? [
        {
          ...{ id: 'eventTtlSeconds', path: ['code', 'storage', 'eventTtlSeconds'], label: 'An event is remembered' },
          input: whole('s', [1_200, 1e9], log(1_200, 2_592_000)),
        },
      ]
    : [];
