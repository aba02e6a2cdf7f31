/** A plan and a stack's settings as the files that `loadline plan` reads. Pure. */
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import type { Deployment, FedQueue } from '../../capacity/headroom/deployment.ts';

/** Of the function that empties the queue, where the settings do not say. */
const defaultTimeoutSeconds = 30;

/** YAML whose values are JSON, which YAML 1.2 includes: every text is quoted, so that none is read as something else. */
export const planYaml = (plan: UsagePlan): string =>
  `# yaml-language-server: $schema=plan.schema.json\n${entries(plan, ['rollout', 'channels'])}`;

/**
 * The settings of the reference stack that the answer depends on. Others keep their defaults, but for the window that a batch of more than 10 needs,
 * and a timeout of its function that goes with the visibility timeout: the answer does not depend on these.
 * What an account's concurrency gave the functions is written as their own.
 */
export function settingsYaml({ region, webSocket, webhook, functions, queues, code }: Deployment): string {
  const [queue] = queues;
  const ingest = functions.some(({ awaitedBy }) => awaitedBy.includes('webhook')) ? 'lambda' : 'direct';
  const batchWindowSeconds = (queue?.batchSize ?? 0) > 10 ? 1 : 0;
  const timeoutSeconds = Math.floor(
    ((queue?.visibilityTimeoutSeconds ?? Number.POSITIVE_INFINITY) - batchWindowSeconds) / 6,
  );
  const ofFunctions = Object.fromEntries(
    functions.map(({ id, memoryMb, reservedConcurrency }) => [
      id,
      {
        ...{ memoryMb, reservedConcurrency },
        ...(id === queue?.function && timeoutSeconds < defaultTimeoutSeconds && { timeoutSeconds }),
      },
    ]),
  );
  return entries(
    {
      region,
      ingest,
      webSocketThrottle: webSocket?.throttle ?? undefined,
      webhookThrottle: webhook?.throttle ?? undefined,
      functions: ofFunctions,
      queue: queue && queueSettings(queue, batchWindowSeconds),
      accessLogs: { webhook: webhook?.accessLogs, webSocket: webSocket?.accessLogs },
      eventTtlSeconds: code?.storage?.eventTtlSeconds,
      detailedMetrics: webSocket?.detailedMetrics,
    },
    ['functions'],
  );
}

const queueSettings = (
  { id: _id, function: _function, isFifo: _isFifo, retentionSeconds, maxReceiveCount, ...others }: FedQueue,
  batchWindowSeconds: number,
) => ({
  ...others,
  // Null: the stack's default.
  ...(retentionSeconds !== null && { retentionSeconds }),
  ...(maxReceiveCount !== null && { maxReceiveCount }),
  batchWindowSeconds,
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
