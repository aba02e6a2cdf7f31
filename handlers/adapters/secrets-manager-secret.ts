/** Reads one secret from AWS Secrets Manager. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretReader } from '../domain/secret-reader.ts';

/** A cached reader of the secret's current text value. */
export function secretsManagerSecret(client: SecretsManagerClient, secretArn: string): SecretReader {
  return new SecretReader({
    now: () => performance.now(),
    read: async () => {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
      if (!SecretString) throw new Error(`The secret ${secretArn} has no text value.`);
      return SecretString;
    },
  });
}
