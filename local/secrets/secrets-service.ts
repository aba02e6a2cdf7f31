/** Secrets Manager, as far as handlers and a rotation use it, over AWS JSON 1.1. */
import { randomInt, randomUUID } from 'node:crypto';
import type { SecretModel } from '../template/model.ts';
import { generateSecret } from './generate-secret.ts';
import { SecretVersions, type VersionError } from './secret-versions.ts';

interface Secret {
  name: string;
  arn: string;
  versions: SecretVersions;
}

export type SecretsAnswer = { status: number; body: object };

const actions = [
  'DescribeSecret',
  'GetSecretValue',
  'ListSecrets',
  'PutSecretValue',
  'UpdateSecretVersionStage',
] as const;

export class SecretsService {
  #secrets: readonly Secret[];
  #nowMs: () => number;

  constructor(models: readonly SecretModel[], nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#secrets = models.map(({ name, arn, source }) => {
      const versions = new SecretVersions();
      const value = source.kind === 'literal' ? source.value : generateSecret(source.request, randomInt);
      versions.put(randomUUID(), value, { labels: ['AWSCURRENT'], nowSeconds: nowMs() / 1_000 });
      return { name, arn, versions };
    });
  }

  /** The current values of all secrets, by ARN. */
  get values(): Record<string, string> {
    return Object.fromEntries(
      this.#secrets.map(({ arn, versions }) => {
        const found = versions.find({});
        return [arn, 'type' in found ? '' : found.value];
      }),
    );
  }

  handle(action: string, input: unknown): SecretsAnswer {
    const request = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
    const id = request.SecretId;
    const secret = this.#secrets.find(({ arn, name }) => arn === id || name === id);
    if (!actions.some((known) => known === action)) {
      const message = `The local target has no Secrets Manager action ${action}. It has ${actions.join(', ')}.`;
      return { status: 400, body: { __type: 'UnknownOperationException', message } };
    }
    if (action === 'ListSecrets') {
      const SecretList = this.#secrets.map(({ arn, name }) => ({ ARN: arn, Name: name }));
      return { status: 200, body: { SecretList } };
    }
    if (!secret) {
      return refusal({
        type: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret.",
      });
    }
    switch (action) {
      case 'DescribeSecret': {
        const { arn, name, versions } = secret;
        return { status: 200, body: { ARN: arn, Name: name, VersionIdsToStages: versions.stages } };
      }
      case 'PutSecretValue':
        return this.#put(secret, request);
      case 'UpdateSecretVersionStage':
        return moveLabel(secret, request);
      default:
        return valueOfSecret(secret, request);
    }
  }

  #put({ arn, name, versions }: Secret, request: Record<string, unknown>): SecretsAnswer {
    const value = textIn(request, 'SecretString');
    if (value === undefined) {
      return refusal({ type: 'InvalidRequestException', message: 'You must provide SecretString.' });
    }
    const labels = Array.isArray(request.VersionStages) ? request.VersionStages.map(String) : ['AWSCURRENT'];
    const id = textIn(request, 'ClientRequestToken') ?? randomUUID();
    const version = versions.put(id, value, { labels, nowSeconds: this.#nowMs() / 1_000 });
    if ('type' in version) return refusal(version);
    return { status: 200, body: { ARN: arn, Name: name, VersionId: version.id, VersionStages: version.labels } };
  }
}

function valueOfSecret({ arn, name, versions }: Secret, request: Record<string, unknown>): SecretsAnswer {
  const version = versions.find({ id: textIn(request, 'VersionId'), label: textIn(request, 'VersionStage') });
  if ('type' in version) return refusal(version);
  return {
    status: 200,
    body: {
      ARN: arn,
      Name: name,
      SecretString: version.value,
      VersionId: version.id,
      VersionStages: version.labels,
      CreatedDate: version.createdAtSeconds,
    },
  };
}

function moveLabel({ arn, name, versions }: Secret, request: Record<string, unknown>): SecretsAnswer {
  const label = textIn(request, 'VersionStage');
  if (label === undefined) {
    return refusal({ type: 'InvalidParameterException', message: 'You must provide VersionStage.' });
  }
  const error = versions.move(label, {
    to: textIn(request, 'MoveToVersionId'),
    from: textIn(request, 'RemoveFromVersionId'),
  });
  return error === null ? { status: 200, body: { ARN: arn, Name: name } } : refusal(error);
}

function textIn(request: Record<string, unknown>, field: string): string | undefined {
  const value = request[field];
  return typeof value === 'string' ? value : undefined;
}

const refusal = ({ type, message }: VersionError): SecretsAnswer => ({
  status: 400,
  body: { __type: type, Message: message, message },
});
