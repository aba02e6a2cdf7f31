/** Secrets Manager, as far as handlers use it: GetSecretValue and PutSecretValue over AWS JSON 1.1. */
import { randomInt, randomUUID } from 'node:crypto';
import type { SecretModel } from '../template/model.ts';
import { generateSecret } from './generate-secret.ts';

interface Secret {
  name: string;
  arn: string;
  value: string;
  versionId: string;
  createdAtSeconds: number;
}

export type SecretsAnswer = { status: number; body: object };

export class SecretsService {
  #secrets: readonly Secret[];

  constructor(models: readonly SecretModel[], nowMs: number) {
    this.#secrets = models.map(({ name, arn, source }) => ({
      name,
      arn,
      value: source.kind === 'literal' ? source.value : generateSecret(source.request, randomInt),
      versionId: randomUUID(),
      createdAtSeconds: nowMs / 1_000,
    }));
  }

  /** The values of all secrets, by ARN. */
  get values(): Record<string, string> {
    return Object.fromEntries(this.#secrets.map(({ arn, value }) => [arn, value]));
  }

  handle(action: string, input: unknown): SecretsAnswer {
    const { SecretId: id, SecretString: value } =
      typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
    const secret = typeof id === 'string' ? this.#find(id) : undefined;
    if (action !== 'GetSecretValue' && action !== 'PutSecretValue') {
      const message = `The local Secrets Manager supports GetSecretValue and PutSecretValue, not ${action}.`;
      return { status: 400, body: { __type: 'UnknownOperationException', message } };
    }
    if (!secret) {
      const message = "Secrets Manager can't find the specified secret.";
      return { status: 400, body: { __type: 'ResourceNotFoundException', Message: message, message } };
    }
    if (action === 'PutSecretValue') {
      if (typeof value !== 'string') {
        const message = 'You must provide SecretString.';
        return { status: 400, body: { __type: 'InvalidRequestException', message } };
      }
      secret.value = value;
      secret.versionId = randomUUID();
      return {
        status: 200,
        body: { ARN: secret.arn, Name: secret.name, VersionId: secret.versionId, VersionStages: ['AWSCURRENT'] },
      };
    }
    return {
      status: 200,
      body: {
        ARN: secret.arn,
        Name: secret.name,
        SecretString: secret.value,
        VersionId: secret.versionId,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: secret.createdAtSeconds,
      },
    };
  }

  #find(id: string): Secret | undefined {
    return this.#secrets.find(({ arn, name }) => arn === id || name === id);
  }
}
