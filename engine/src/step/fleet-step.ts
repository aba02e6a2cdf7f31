import { pathToFileURL } from 'node:url';
import { shareOfWorker } from '../artillery/worker-share.ts';
import { upgradePlaceholders, upgradeTexts, withPlaceholders } from '../core/connections/upgrade.ts';
import { type CustomProtocol, type FleetLoad, type FleetSpec, maxFleets } from '../core/fleet/fleet-spec.ts';
import { messagePlaceholders, unknownPlaceholders } from '../core/messages/custom-protocol.ts';
import { placeholdersOf } from '../core/messages/template.ts';
import { asksOverHttp } from '../core/polling/polling.ts';
import { lastRateOf } from '../core/schedule/load-schedules.ts';
import type { Mix } from '../core/schedule/mix.ts';
import { arrivalsOf } from '../core/schedule/pacer.ts';
import { parseCsv } from './csv.ts';
import { type FleetFields, fieldProblem, fleetFields, loadListsOf, textFields } from './fleet-fields.ts';
import { type FleetPlan, type Machine, planFleets } from './fleet-plan.ts';
import { recordOf } from './keyed.ts';
import { formerNames, hasBurst, numberFieldNames, numberFields } from './load-fields.ts';
import { readMessageMix, readWebhookMix } from './mix-step.ts';
import type { NumberRule } from './number-rule.ts';
import { isMissing, readAddresses, readNumber, readText, readUrl, StepProblem } from './step-values.ts';
import { checkLineBreaks, checkWebhook } from './webhook-step.ts';

/** A `fleet` step of a scenario, checked. */
export interface FleetStep {
  /** The step has no number of connections: it is the single connection of its virtual user. */
  isMember: boolean;
  plan: FleetPlan;
  webSocketUrl: string;
  webhookUrl: string | null;
  fallbackUrl?: string;
  tokenSecret: string | null;
  webhookSecret: string;
  headers: Record<string, string>;
  subprotocols: string[];
  protocol: CustomProtocol | null;
  hooksModule: string | null;
  webhook: NonNullable<FleetSpec['webhook']> | null;
  webhookMix?: Mix;
  push: NonNullable<FleetSpec['push']> | null;
  token: NonNullable<FleetSpec['token']> | null;
  feed: Record<string, string>[];
  load: FleetLoad;
}

/** The context in which a step is read. */
export interface StepSurroundings {
  /** `config.target`: the WebSocket URL unless the step names one. */
  target: string | undefined;
  machine: Machine;
  /** In a distributed run: how many workers share the load, and the name of this one. */
  worker: { count: number; id: string } | null;
  /** Fields for a target that is not the reference stack, which override the step's own; null: it is the reference stack. */
  foreign?: Record<string, unknown> | null;
  /** Text of a file named in a step. Throws if it does not exist. */
  readFile(path: string): string;
}

export type StepParse = { kind: 'ok'; step: FleetStep } | { kind: 'invalid'; problem: string };

const fleetsRule: NumberRule = { min: 1, max: maxFleets, whole: true };
const fieldKeys = Object.keys(fleetFields.shape);
/** The keys of a `fleet` step. */
export const stepKeys: readonly string[] = [...numberFieldNames, ...Object.keys(textFields), ...fieldKeys];

/** Checks a `fleet` step after Artillery has filled in its templates (a template may render a number as text). */
export function parseFleetStep(input: unknown, surroundings: StepSurroundings): StepParse {
  try {
    return { kind: 'ok', step: readStep(input, surroundings) };
  } catch (error) {
    if (error instanceof StepProblem) return { kind: 'invalid', problem: error.message };
    throw error;
  }
}

function readStep(input: unknown, surroundings: StepSurroundings): FleetStep {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new StepProblem('fleet: expected keys such as connections and steadySeconds, found none.');
  const own = Object.entries(input).filter(([, value]) => !isMissing(value));
  const given = withForeign(new Map<string, unknown>(own), surroundings.foreign ?? null);
  for (const key of given.keys()) {
    const renamed = formerNames.get(key);
    if (renamed !== undefined) throw new StepProblem(`fleet.${key}: unknown key. It is now ${renamed}.`);
    if (!stepKeys.includes(key))
      throw new StepProblem(`fleet.${key}: unknown key. Known keys: ${stepKeys.join(', ')}.`);
  }
  const fields = readFields(given);
  const isMember = isMissing(given.get('connections'));
  const load = shareLoad(readLoad(given, fields), isMember, surroundings);
  checkLoad(load, { speaksStack: fields.message === null && fields.hooks === null });
  const postsWebhooks = load.webhookRatePerSecond > 0 || hasBurst(load) || load.webhookPhases !== null;
  const webSocketUrl = withPlaceholders(
    readUrl('webSocketUrl', given.get('webSocketUrl') ?? surroundings.target, ['ws:', 'wss:']),
  );
  const { headers, subprotocols, webhook, token } = fields;
  const feed = fields.feed === null ? [] : readFeed(fields.feed, surroundings);
  const protocol = readProtocol(fields, feed);
  const isOwn = protocol !== null || webhook !== null || token !== null || (surroundings.foreign ?? null) !== null;
  // A target other than the reference stack may not need a token.
  const tokenSecret =
    token !== null || (isOwn && isMissing(given.get('tokenSecret')))
      ? null
      : readText('tokenSecret', given.get('tokenSecret'));
  checkUpgrade({ webSocketUrl, headers, subprotocols }, { feed, hasToken: token !== null || tokenSecret !== null });
  const webhookUrl = postsWebhooks ? webhookUrlOf('webhookUrl', given.get('webhookUrl')) : null;
  const isSigned = webhook === null || webhook.sign !== null;
  const webhookSecret = postsWebhooks && isSigned ? readText('webhookSecret', given.get('webhookSecret')) : '';
  const fallbackUrl = readFallbackUrl(given.get('fallbackUrl'), load);
  const plan = readPlan(given, fields, load, new URL(webSocketUrl), surroundings.machine);
  const webhookUrls =
    webhookUrl === null ? [] : fields.alsoWebhookUrls.map((url) => webhookUrlOf('alsoWebhookUrls', url));
  const webhookMix = webhookUrl === null ? undefined : readWebhookMix(webhookUrl, webhookUrls, fields);
  if (webhookUrl !== null && webhook !== null)
    for (const url of [webhookUrl, ...webhookUrls])
      checkWebhook(webhook, {
        ...{ webhookUrl: url, webhookSecret, feed, load },
        fleets: plan.fleets * (surroundings.worker?.count ?? 1),
      });
  return {
    ...{ isMember, plan, load, webSocketUrl, webhookUrl, tokenSecret, webhookSecret, headers, subprotocols, protocol },
    hooksModule: fields.hooks === null ? null : pathToFileURL(fields.hooks).href,
    ...{ webhook, token, feed, ...(webhookMix && { webhookMix }), ...(fallbackUrl !== null && { fallbackUrl }) },
    push: fields.push ?? (webhook === null ? null : { kind: 'anywhere' }),
  };
}

const webhookUrlOf = (key: string, value: unknown): string =>
  withPlaceholders(readUrl(key, value, ['http:', 'https:']));

/** Null: no tab asks anything over HTTP. */
function readFallbackUrl(value: unknown, load: FleetLoad): string | null {
  if (!asksOverHttp(load)) return null;
  if (load.rollbackSeconds > 0 && load.stageSeconds === 0)
    throw new StepProblem(
      'fleet.stageSeconds: missing; tabs notice that the stage is rolled back with their next read of it.',
    );
  if (isMissing(value) || value === '')
    throw new StepProblem(
      'fleet.fallbackUrl: missing; pollingShare, stageSeconds and rollbackSeconds need a stack that serves /config and /events (setting fallback).',
    );
  return readUrl('fallbackUrl', value, ['http:', 'https:']).replace(/\/$/, '');
}

function checkUpgrade(
  parts: Parameters<typeof upgradeTexts>[0],
  { feed, hasToken }: { feed: Record<string, string>[]; hasToken: boolean },
): void {
  for (const text of upgradeTexts(parts)) {
    const [unknown] = unknownPlaceholders(text, upgradePlaceholders, feed);
    const where =
      text === parts.webSocketUrl ? 'webSocketUrl' : parts.subprotocols.includes(text) ? 'subprotocols' : 'headers';
    if (unknown !== undefined)
      throw new StepProblem(
        `fleet.${where}: \${${unknown}} is unknown. The placeholders are ${upgradePlaceholders.join(', ')}, and the columns of a feed as feed.<column>.`,
      );
    if (where !== 'webSocketUrl') checkLineBreaks(where, text, feed);
    if (!hasToken && placeholdersOf(text).includes('token'))
      throw new StepProblem(
        `fleet.${where}: \${token} needs a token: give token (a value or a command), or tokenSecret.`,
      );
  }
}

/** Headers of both are sent; every other field of the target overrides the step's. */
function withForeign(step: Map<string, unknown>, foreign: Record<string, unknown> | null): Map<string, unknown> {
  if (foreign === null) return step;
  const ofStep = step.get('headers');
  const headers = { ...(typeof ofStep === 'object' ? ofStep : {}), ...(foreign.headers as object | undefined) };
  return new Map([...step, ...Object.entries(foreign), ['headers', headers]]);
}

function readFields(given: ReadonlyMap<string, unknown>): FleetFields {
  // An empty string is a variable that was not set.
  const own = [...given].filter(([key, value]) => fieldKeys.includes(key) && value !== '');
  const parsed = fleetFields.safeParse(Object.fromEntries(own));
  if (!parsed.success) throw new StepProblem(fieldProblem(parsed.error));
  return parsed.data;
}

function readLoad(given: ReadonlyMap<string, unknown>, fields: FleetFields): FleetLoad {
  const numbers = recordOf(numberFieldNames, (name) => readNumber(name, given.get(name), numberFields[name]));
  return { ...numbers, ...loadListsOf(fields) };
}

function shareLoad(load: FleetLoad, isMember: boolean, { worker }: StepSurroundings): FleetLoad {
  if (worker === null) return load;
  if (isMember)
    throw new StepProblem('fleet.connections: missing; workers share the connections of a fleet, not virtual users.');
  const share = shareOfWorker(load, worker.count, worker.id);
  if (share.kind === 'invalid') throw new StepProblem(`fleet: ${share.problem}`);
  return share.load;
}

/** Fields that contradict each other. */
function checkLoad(load: FleetLoad, { speaksStack }: { speaksStack: boolean }): void {
  const { connections, connectPhases, channels, publishPhases, publishRatePerSecond } = load;
  if (!speaksStack && (channels.length > 0 || load.keepAliveSeconds > 0))
    throw new StepProblem(
      `fleet.${channels.length > 0 ? 'channels' : 'keepAliveSeconds'}: requires the protocol of the reference stack, but the step defines its own message or hooks. Remove one of them.`,
    );
  const last = connectPhases?.at(-1);
  if (connectPhases && last && lastRateOf(last) === 0 && arrivalsOf(connectPhases) < connections)
    throw new StepProblem(
      `fleet.connectPhases: these open ${Math.floor(arrivalsOf(connectPhases))} of ${connections} connections and end at a rate of 0. End with a rate above 0, at which the rest can connect.`,
    );
  if ((publishRatePerSecond > 0 || publishPhases !== null) && channels.length === 0)
    throw new StepProblem('fleet.channels: missing; publishes require a channel.');
  const largest = channels.reduce((most, { subscribers }) => Math.max(most, subscribers), 0);
  if (largest > connections)
    throw new StepProblem(
      `fleet.channels: a channel of ${largest} subscribers needs as many connections, but there are only ${connections}.`,
    );
}

function readPlan(
  given: ReadonlyMap<string, unknown>,
  fields: FleetFields,
  load: FleetLoad,
  target: URL,
  machine: Machine,
): FleetPlan {
  const fleets = given.get('fleets');
  const planned = planFleets(
    {
      connections: load.connections,
      fleets: isMissing(fleets) || fleets === 'auto' ? null : readNumber('fleets', fleets, fleetsRule),
      fleetsIn: fields.fleetsIn,
      localAddresses: readAddresses(given.get('localAddresses')),
      targetHost: target.hostname,
      targetPort: Number(target.port) || (target.protocol === 'wss:' ? 443 : 80),
    },
    machine,
  );
  if (planned.kind === 'invalid') throw new StepProblem(planned.problem);
  const smallest = Math.floor(load.connections / planned.plan.fleets);
  const largest = load.channels.reduce((most, { subscribers }) => Math.max(most, subscribers), 0);
  if (largest > smallest)
    throw new StepProblem(
      `fleet.channels: a channel of ${largest} subscribers must fit into one fleet, but each of the ${planned.plan.fleets} fleets has ${smallest} connections. Use fewer fleets.`,
    );
  return planned.plan;
}

function readProtocol(fields: FleetFields, feed: Record<string, string>[]): CustomProtocol | null {
  const { message, answer, feed: file, hooks } = fields;
  const mix = readMessageMix(fields);
  if (message === null && hooks === null) return null;
  for (const text of [message ?? '', ...(mix?.also ?? [])]) {
    const [unknown] = unknownPlaceholders(text, messagePlaceholders, feed);
    if (unknown === undefined) continue;
    throw new StepProblem(
      `fleet.${text === message ? 'message' : 'alsoMessages'}: \${${unknown}} is unknown. The placeholders are ${messagePlaceholders.join(', ')}${file === null ? '' : ' and the columns of the feed as feed.<column>'}.`,
    );
  }
  return { message: message ?? '', ...(mix && { mix }), answer, feed };
}

function readFeed(path: string, { readFile }: StepSurroundings): Record<string, string>[] {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw new StepProblem(`fleet.feed: ${path} could not be read: ${error instanceof Error ? error.message : error}.`);
  }
  const csv = parseCsv(text);
  if (csv.kind === 'invalid') throw new StepProblem(`fleet.feed: ${path}: ${csv.problem}.`);
  return csv.rows;
}
