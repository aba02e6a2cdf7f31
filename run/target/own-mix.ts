/** Several messages and webhook URLs of one run, from the options that say them: fields of every fleet step, and what of them is secret. */
import { secretsOfMessage } from '../../engine/src/concealment.ts';
import { UsageError } from '../errors.ts';
import { type GivenValue, givenValue, referred } from '../request/given-value.ts';

export interface OwnMixOptions {
  alsoMessage?: string[];
  messageMix?: number[];
  alsoWebhookUrl?: string[];
  webhookMix?: number[];
}

export interface OwnMix {
  step: Record<string, unknown>;
  secrets: string[];
  /** Options with a value that is, or may be, secret. */
  secretOptions: string[];
}

interface MixSurroundings {
  environment: Readonly<Record<string, string | undefined>>;
  hasMessage: boolean;
  /** The URL that they are beside; null: none. */
  webhookUrl: string | null;
  /** Whole, checked, and what of it is secret. */
  webhookUrlOf: (option: string, given: GivenValue) => { value: string; secrets: string[] };
}

/** @throws UsageError for an option that is wrong, or that needs another. It quotes nothing that may be secret. */
export function readOwnMix(options: OwnMixOptions, { environment, hasMessage, ...webhooks }: MixSurroundings): OwnMix {
  const { alsoMessage = [], messageMix, alsoWebhookUrl = [], webhookMix } = options;
  if (alsoMessage.length > 0 && !hasMessage)
    throw new UsageError('--also-message is one beside the first: give --message as well.');
  if (alsoWebhookUrl.length > 0 && webhooks.webhookUrl === null)
    throw new UsageError('--also-webhook-url is one beside the first: give --webhook-url as well.');
  const messages = alsoMessage.map((text) => givenValue('--also-message', text, environment));
  if (messages.some(({ value }) => value === ''))
    throw new UsageError('--also-message: the text is empty: give the message that is to be sent, or leave it out.');
  const urls = alsoWebhookUrl.map((text) =>
    webhooks.webhookUrlOf('--also-webhook-url', givenValue('--also-webhook-url', text, environment)),
  );
  checkOneHost(
    webhooks.webhookUrl,
    urls.map(({ value }) => value),
  );
  checkWeights('--message-mix', messageMix, { others: messages.length, also: '--also-message' });
  checkWeights('--webhook-mix', webhookMix, { others: urls.length, also: '--also-webhook-url' });
  const secretMessages = messages.flatMap((message) => [
    ...secretsOfMessage(message.value, { isAllSecret: message.reference !== null }),
    ...referred(message),
  ]);
  const secretUrls = urls.flatMap(({ secrets }) => secrets);
  return {
    step: {
      ...(messages.length > 0 && { alsoMessages: messages.map(({ value }) => value) }),
      ...(messages.length > 0 && messageMix && { messageMix }),
      ...(urls.length > 0 && { alsoWebhookUrls: urls.map(({ value }) => value) }),
      ...(urls.length > 0 && webhookMix && { webhookMix }),
    },
    secrets: [...secretMessages, ...secretUrls],
    secretOptions: [
      ...(secretMessages.length > 0 ? ['--also-message'] : []),
      ...(secretUrls.length > 0 ? ['--also-webhook-url'] : []),
    ],
  };
}

function checkWeights(
  option: string,
  weights: readonly number[] | undefined,
  { others, also }: { others: number; also: string },
): void {
  if (weights === undefined || weights.length === others + 1) return;
  throw new UsageError(
    others === 0
      ? `${option} ${weights}: there is one only: give others with ${also}, or leave it out.`
      : `${option} ${weights}: expected ${others + 1} weights, of the first and of each ${also}.`,
  );
}

/** Before a stack is up, its APIs have no addresses yet. */
function checkOneHost(first: string | null, others: readonly string[]): void {
  if (first === null) return;
  const { origin, hostname } = new URL(first);
  const other = others.find((url) => new URL(url).origin !== origin);
  if (other === undefined || hostname.endsWith('.invalid')) return;
  throw new UsageError(
    `--also-webhook-url: all webhooks of a run go to one host, that of --webhook-url, ${origin}; found ${new URL(other).origin}.`,
  );
}
