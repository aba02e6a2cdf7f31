import { type FleetLoad, maxConnectionsPerAddress, maxFleets, quietLoad } from './core/fleet-spec.ts';

/** A `fleet` step of a scenario, checked. */
export interface FleetStep {
  /** Threads that share the load. */
  fleets: number;
  webSocketUrl: string;
  webhookUrl: string | null;
  tokenSecret: string;
  webhookSecret: string;
  localAddresses: string[];
  load: FleetLoad;
}

export type StepParse = { kind: 'ok'; step: FleetStep } | { kind: 'invalid'; problem: string };

interface NumberRule {
  /** Absent: the step must give it. */
  default?: number;
  min: number;
  /** The minimum itself is too small. */
  exclusive?: true;
  max?: number;
  whole?: true;
}

const numberRules = {
  connections: { min: 1, whole: true },
  tabsPerUser: { default: 1, min: 0, exclusive: true },
  connectRatePerSecond: { default: 100, min: 0, exclusive: true },
  steadySeconds: { min: 0, exclusive: true },
  drainSeconds: { default: 15, min: 0 },
  messageRatePerSecond: { default: 0, min: 0 },
  messageBytes: { default: 128, min: 0, whole: true },
  webhookRatePerSecond: { default: 0, min: 0 },
  webhookBytes: { default: 2_048, min: 0, whole: true },
  burstStartsAtSeconds: { default: 0, min: 0 },
  burstLastsSeconds: { default: 0, min: 0 },
  burstRatePerSecond: { default: 0, min: 0 },
  replayShare: { default: 0, min: 0, max: 1 },
  offlineOwnerShare: { default: 0, min: 0, max: 1 },
  timeoutSeconds: { default: 10, min: 0, exclusive: true },
  seed: { default: 1, min: Number.MIN_SAFE_INTEGER, whole: true },
  fleets: { default: 1, min: 1, max: maxFleets, whole: true },
} satisfies Record<string, NumberRule>;
type NumberKey = keyof typeof numberRules;

const textKeys = ['webSocketUrl', 'webhookUrl', 'tokenSecret', 'webhookSecret', 'localAddresses'];

class StepProblem extends Error {}

/**
 * Checks a `fleet` step after Artillery has filled in its templates (a template may leave a number as text).
 * `target` is `config.target`, the WebSocket URL unless the step names one.
 */
export function parseFleetStep(input: unknown, target: string | undefined): StepParse {
  try {
    return { kind: 'ok', step: readStep(input, target) };
  } catch (error) {
    if (error instanceof StepProblem) return { kind: 'invalid', problem: error.message };
    throw error;
  }
}

function readStep(input: unknown, target: string | undefined): FleetStep {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new StepProblem('fleet: expected keys such as connections and steadySeconds, found none.');
  const given = new Map(Object.entries(input));
  const known = [...Object.keys(numberRules), ...textKeys];
  for (const key of given.keys()) {
    if (!known.includes(key)) throw new StepProblem(`fleet.${key}: unknown key. Known keys: ${known.join(', ')}.`);
  }
  const numbers = Object.fromEntries(
    Object.entries(numberRules).map(([key, rule]) => [key, readNumber(key, given.get(key), rule)]),
  ) as Record<NumberKey, number>;
  const { fleets, burstStartsAtSeconds, burstLastsSeconds, burstRatePerSecond, ...rest } = numbers;
  const hasBurst = burstRatePerSecond > 0 && burstLastsSeconds > 0;
  const burst = hasBurst
    ? { startsAtSeconds: burstStartsAtSeconds, lastsSeconds: burstLastsSeconds, ratePerSecond: burstRatePerSecond }
    : null;
  const load: FleetLoad = { ...quietLoad, ...rest, burst };
  const postsWebhooks = load.webhookRatePerSecond > 0 || burst !== null;
  const localAddresses = readAddresses(given.get('localAddresses'));
  checkSize(load.connections, fleets, localAddresses.length);
  return {
    fleets,
    load,
    localAddresses,
    webSocketUrl: readUrl('webSocketUrl', given.get('webSocketUrl') ?? target, ['ws:', 'wss:']),
    webhookUrl: postsWebhooks ? readUrl('webhookUrl', given.get('webhookUrl'), ['http:', 'https:']) : null,
    tokenSecret: readText('tokenSecret', given.get('tokenSecret')),
    webhookSecret: postsWebhooks ? readText('webhookSecret', given.get('webhookSecret')) : '',
  };
}

function checkSize(connections: number, fleets: number, addresses: number): void {
  const most = maxConnectionsPerAddress * Math.max(1, addresses);
  if (connections > most)
    throw new StepProblem(
      `fleet.connections: ${connections} are more than the ${most} that one process can open from ${Math.max(1, addresses)} local address(es). Give more localAddresses (127.0.0.2, …), or use more machines.`,
    );
  if (fleets > connections)
    throw new StepProblem(
      `fleet.fleets: ${fleets} fleets cannot share ${connections} connection(s). Use fewer fleets.`,
    );
}

function readNumber(key: string, value: unknown, rule: NumberRule): number {
  if (value === undefined || value === null || value === '') {
    if (rule.default === undefined) throw new StepProblem(`fleet.${key}: missing.`);
    return rule.default;
  }
  const number = typeof value === 'string' ? Number(value) : value;
  const range = `${rule.exclusive ? 'over' : 'of at least'} ${rule.min}${rule.max === undefined ? '' : ` and at most ${rule.max}`}`;
  const expected = `expected a ${rule.whole ? 'whole ' : ''}number${rule.min === Number.MIN_SAFE_INTEGER ? '' : ` ${range}`}`;
  const problem = new StepProblem(`fleet.${key}: ${expected}, found ${JSON.stringify(value)}.`);
  if (typeof number !== 'number' || !Number.isFinite(number)) throw problem;
  if (rule.whole && !Number.isInteger(number)) throw problem;
  if (number < rule.min || (rule.exclusive && number === rule.min) || number > (rule.max ?? number)) throw problem;
  return number;
}

function readText(key: string, value: unknown): string {
  if (value === undefined || value === null || value === '')
    throw new StepProblem(`fleet.${key}: missing. Secrets come from the environment: see scenarios/sync.yml.`);
  // A secret that looks like a number may come out of a template as one. Its value is never printed.
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new StepProblem(`fleet.${key}: expected text, found ${typeof value}.`);
  return String(value);
}

function readUrl(key: string, value: unknown, protocols: string[]): string {
  const expected = `expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  if (value === undefined || value === null || value === '')
    throw new StepProblem(`fleet.${key}: missing; ${expected}.`);
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  if (!url || !protocols.includes(url.protocol))
    throw new StepProblem(`fleet.${key}: ${expected}, found ${JSON.stringify(value)}.`);
  return url.href;
}

function readAddresses(value: unknown): string[] {
  if (value === undefined || value === null || value === '') return [];
  const addresses = typeof value === 'string' ? value.split(',').map((address) => address.trim()) : value;
  if (!Array.isArray(addresses) || !addresses.every((address) => typeof address === 'string' && address !== ''))
    throw new StepProblem(`fleet.localAddresses: expected a list of addresses, found ${JSON.stringify(value)}.`);
  return addresses;
}
