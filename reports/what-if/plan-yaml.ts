/** A plan and a stack's settings as the files that `loadline plan` reads. Pure. */
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import type { Deployment, FedQueue } from '../../capacity/headroom/deployment.ts';
import { readAt } from './control.ts';
import type { PageSettings } from './page-settings.ts';

/** Of the function that empties the queue, where the settings do not say. */
const defaultTimeoutSeconds = 30;
const timeoutsInVisibility = 6;

/** YAML whose values are JSON, which YAML 1.2 includes: every text is quoted, so that none is read as something else. */
export const planYaml = (plan: UsagePlan): string =>
  `# yaml-language-server: $schema=plan.schema.json\n${entries(plan, ['rollout', 'channels'])}`;

/**
 * Settings of the reference stack: those that the page was made from, with the deployment's in their place. Beside these change only the window that a
 * batch of more than 10 needs, the timeout of the queue's function that goes with the visibility timeout, and the age of a replay that is still known: the
 * answer does not depend on them. What an account's concurrency gave the functions is written as their own.
 */
export function settingsYaml(deployment: Deployment, given: PageSettings): string {
  const { region, webSocket, webhook, functions, queues, code } = deployment;
  const [queue] = queues;
  const times = queue && queueTimes(queue, given);
  const ingest = ingestOf(deployment, given);
  const ofFunctions = Object.fromEntries(
    functions.map(({ id, memoryMb, reservedConcurrency }) => [
      id,
      {
        ...objectAt(given, 'functions', id),
        ...{ memoryMb, reservedConcurrency },
        ...(id === queue?.function && times?.timeoutSeconds),
      },
    ]),
  );
  const eventTtlSeconds = code?.storage?.eventTtlSeconds;
  const replayWindowSeconds = numberAt(given, 'replayWindowSeconds');
  return entries(
    {
      ...given,
      region,
      ingest,
      ...(webSocket?.throttle && { webSocketThrottle: webSocket.throttle }),
      ...(webhook?.throttle && { webhookThrottle: webhook.throttle }),
      functions: { ...objectAt(given, 'functions'), ...ofFunctions },
      queue: queue && { ...objectAt(given, 'queue'), ...queueSettings(queue), ...times?.batchWindowSeconds },
      accessLogs: {
        ...objectAt(given, 'accessLogs'),
        ...{ webhook: webhook?.accessLogs, webSocket: webSocket?.accessLogs },
      },
      ...(eventTtlSeconds !== undefined && { eventTtlSeconds }),
      ...(code?.fallback && { fallback: { ...objectAt(given, 'fallback'), throttle: code.fallback.throttle } }),
      ...(eventTtlSeconds !== undefined &&
        replayWindowSeconds !== null && { replayWindowSeconds: Math.min(replayWindowSeconds, eventTtlSeconds) }),
      detailedMetrics: webSocket?.detailedMetrics,
    },
    ['functions'],
  );
}

/** Of a page that does not say more, webhooks come by a function or go into the queue. */
function ingestOf({ functions }: Deployment, { ingest }: PageSettings): unknown {
  if (functions.some(({ awaitedBy }) => awaitedBy.includes('webhook'))) return 'lambda';
  return ingest === undefined || ingest === 'lambda' ? 'direct' : ingest;
}

/** Settings as a file, without a change. */
export const settingsEntries = (settings: PageSettings): string => entries(settings, ['functions']);

/** The visibility timeout is to be at least six times the timeout, and the batch window. */
function queueTimes({ batchSize, visibilityTimeoutSeconds, ...queue }: FedQueue, given: PageSettings) {
  const needed = batchSize > 10 ? 1 : 0;
  const wished = Math.max(needed, numberAt(given, 'queue', 'batchWindowSeconds') ?? 0);
  const batchWindowSeconds = Math.max(needed, Math.min(wished, visibilityTimeoutSeconds - timeoutsInVisibility));
  const own = numberAt(given, 'functions', queue.function, 'timeoutSeconds') ?? defaultTimeoutSeconds;
  const longest = Math.floor((visibilityTimeoutSeconds - batchWindowSeconds) / timeoutsInVisibility);
  return {
    batchWindowSeconds: { batchWindowSeconds },
    ...(longest < own && { timeoutSeconds: { timeoutSeconds: longest } }),
  };
}

function objectAt(given: PageSettings, ...path: string[]): object {
  const found = readAt(given, path);
  return typeof found === 'object' && found !== null ? found : {};
}

function numberAt(given: PageSettings, ...path: string[]): number | null {
  const found = readAt(given, path);
  return typeof found === 'number' ? found : null;
}

const queueSettings = ({
  id: _id,
  function: _function,
  isFifo: _isFifo,
  retentionSeconds,
  maxReceiveCount,
  ...others
}: FedQueue) => ({
  ...others,
  // Null: the stack's default.
  ...(retentionSeconds !== null && { retentionSeconds }),
  ...(maxReceiveCount !== null && { maxReceiveCount }),
});

/** A line for each key; of those in `blocks`, for each entry. */
function entries(values: object, blocks: readonly string[]): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      if (!blocks.includes(key) || typeof value !== 'object' || value === null) return `${key}: ${flow(value)}\n`;
      const lines = Array.isArray(value)
        ? value.map((each) => `  - ${flow(each)}\n`)
        : Object.entries(value).map(([name, each]) => `  ${name}: ${flow(each)}\n`);
      return `${key}:\n${lines.join('')}`;
    })
    .join('');
}

/** JSON, with spaces as people write it. A line of its own may not begin inside a text: these characters end one in YAML as well. */
const flow = (value: unknown): string =>
  JSON.stringify(value, null, 1)
    .replaceAll(/\n\s*/g, ' ')
    .replaceAll(/[\u0085\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
