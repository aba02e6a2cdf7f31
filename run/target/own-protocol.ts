// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Webhooks, pushes and tokens of a stack of the user's own, from the options that say them: fields of every fleet step, and what of them is secret. */
import { resolve } from 'node:path';
import { secretsOfMessage, secretsOfWebhookHeader } from '../../engine/src/concealment.ts';
import { webhookOwners } from '../../engine/src/core/webhooks/webhook-request.ts';
import { presetNames, signKeys, signScheme } from '../../engine/src/step/webhook-fields.ts';
import { suggestion } from '../../scenarios/yaml/nearest-key.ts';
import { UsageError } from '../errors.ts';
import { givenValue, headerOf, headersOf, referred } from '../request/given-value.ts';

export interface OwnProtocolOptions {
  webhook?: string;
  webhookHeader?: string[];
  webhookOwner?: string;
  sign?: string[];
  push?: string;
  token?: string;
  tokenCommand?: string;
  tokenUsers?: number;
  tokenConcurrency?: number;
  tokenTimeout?: number;
  feed?: string;
}

/** Options as the command line has them, for sentences. */
export const ownProtocolFlags: Readonly<Record<keyof OwnProtocolOptions, string>> = {
  webhook: '--webhook',
  webhookHeader: '--webhook-header',
  webhookOwner: '--webhook-owner',
  sign: '--sign',
  push: '--push',
  token: '--token',
  tokenCommand: '--token-command',
  tokenUsers: '--token-users',
  tokenConcurrency: '--token-concurrency',
  tokenTimeout: '--token-timeout',
  feed: '--feed',
};

export interface OwnProtocol {
  /** Fields of a fleet step, as the engine takes them. */
  step: Record<string, unknown>;
  /** Null: the one of the environment, if webhooks are signed at all. */
  webhookSecret: string | null;
  signsWebhooks: boolean;
  secrets: string[];
  /** Options with a value that is, or may be, secret. */
  secretOptions: string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws UsageError for an option that is wrong, or that needs another. It quotes nothing that may be secret. */
export function readOwnProtocol(options: OwnProtocolOptions, environment: Environment): OwnProtocol {
  const webhook = readWebhook(options, environment);
  const token = readToken(options, environment);
  const { push, feed } = options;
  return {
    step: {
      ...webhook.step,
      ...token.step,
      ...(push !== undefined && { push: parsePush(push) }),
      ...(feed !== undefined && { feed: resolve(feed) }),
    },
    webhookSecret: webhook.secret,
    signsWebhooks: webhook.isSigned,
    secrets: [...webhook.secrets, ...token.secrets],
    secretOptions: [...webhook.secretOptions, ...token.secretOptions],
  };
}

function readWebhook(options: OwnProtocolOptions, environment: Environment) {
  const { webhook: text, webhookHeader = [], webhookOwner: owner, sign = [] } = options;
  if (text === undefined) {
    const lone = (['webhookHeader', 'webhookOwner', 'sign'] as const).find((name) => options[name] !== undefined);
    if (lone !== undefined)
      throw new UsageError(
        `${ownProtocolFlags[lone]} is about webhooks of your own: give their body with --webhook as well.`,
      );
    return { step: {}, secret: null, isSigned: true, secrets: [], secretOptions: [] };
  }
  const body = givenValue('--webhook', text, environment);
  const given = webhookHeader.map((header) => headerOf('--webhook-header', header, environment));
  if (owner !== undefined && !webhookOwners.some((each) => each === owner))
    throw new UsageError(`--webhook-owner ${owner}: expected ${webhookOwners.join(', ')}.`);
  const { keys, secret } = readSign(sign, environment);
  const isSigned = sign.length > 0 && keys.preset !== 'none';
  const ofBody = secretsOfMessage(body.value, { isAllSecret: body.reference?.startsWith('env:') ?? false });
  const ofHeaders = given.flatMap((header) => [...referred(header), ...secretsOfWebhookHeader(header.value)]);
  return {
    step: {
      webhook: {
        body: body.value,
        headers: headersOf(given),
        ...(sign.length > 0 && { sign: keys }),
        ...(owner && { owner }),
      },
    },
    secret,
    isSigned,
    secrets: [...ofBody, ...ofHeaders, ...(secret === null ? [] : [secret])],
    secretOptions: [...(ofBody.length > 0 ? ['--webhook'] : []), ...(ofHeaders.length > 0 ? ['--webhook-header'] : [])],
  };
}

const signKeyNames = [...Object.keys(signKeys.shape).filter((key) => key !== 'preset'), 'secret'];

/** `github`, `header=X-Sig`, `headers.X-Time=${timestamp}` … → the keys of a scheme, checked, and the secret beside them. */
function readSign(
  given: readonly string[],
  environment: Environment,
): { keys: Record<string, unknown>; secret: string | null } {
  const keys: Record<string, unknown> = {};
  const headers: Record<string, string> = {};
  let secret: string | null = null;
  for (const text of given) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const value = text.slice(equals + 1);
    if (equals < 0) {
      if (!presetNames.some((preset) => preset === name))
        throw new UsageError(
          `--sign ${name}: unknown scheme. ${suggestion(name, presetNames) ?? `Known ones are ${presetNames.join(', ')}; or give header=NAME and what differs from HMAC-SHA256 of the body in hexadecimal (docs/own-stack.md).`}`,
        );
      keys.preset = name;
    } else if (name === 'secret') secret = givenValue('--sign secret', value, environment).value;
    else if (name.startsWith('headers.')) headers[name.slice('headers.'.length)] = value;
    else if (!signKeyNames.includes(name))
      throw new UsageError(
        `--sign ${name}: unknown key. ${suggestion(name, signKeyNames) ?? `Known keys are ${signKeyNames.join(', ')}.`}`,
      );
    else keys[name] = value;
  }
  const all = Object.keys(headers).length > 0 ? { ...keys, headers } : keys;
  const parsed = signKeys.safeParse(all);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`--sign ${issue?.path.join('.')}: ${issue?.message}.`);
  }
  try {
    if (given.length > 0) signScheme(parsed.data);
  } catch (cause) {
    throw new UsageError(`--sign: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  return { keys: all, secret };
}

function readToken(options: OwnProtocolOptions, environment: Environment) {
  const { token: text, tokenCommand: command, tokenUsers, tokenConcurrency, tokenTimeout } = options;
  if (text !== undefined && command !== undefined)
    throw new UsageError('Either --token or --token-command: each says what the token is.');
  if (text !== undefined) {
    const { value } = givenValue('--token', text, environment);
    return { step: { token: { value } }, secrets: [value], secretOptions: ['--token'] };
  }
  if (command === undefined) {
    const lone = (['tokenUsers', 'tokenConcurrency', 'tokenTimeout'] as const).find(
      (name) => options[name] !== undefined,
    );
    if (lone !== undefined)
      throw new UsageError(
        `${ownProtocolFlags[lone]} is about the command that prints tokens: give --token-command as well.`,
      );
    return { step: {}, secrets: [], secretOptions: [] };
  }
  const token = {
    command,
    ...(tokenUsers !== undefined && { usersPerToken: tokenUsers }),
    ...(tokenConcurrency !== undefined && { concurrency: tokenConcurrency }),
    ...(tokenTimeout !== undefined && { timeoutSeconds: tokenTimeout }),
  };
  return { step: { token }, secrets: [], secretOptions: [] };
}

function parsePush(text: string): unknown {
  if (text === 'anywhere') return text;
  if (text.startsWith('$')) return { jsonPath: text };
  const [, regexp] = /^\/(.+)\/$/s.exec(text) ?? [];
  if (regexp === undefined)
    throw new UsageError(`--push ${text}: expected anywhere, a path such as $.delivery, or /regexp/ with a group.`);
  return { regexp };
}
