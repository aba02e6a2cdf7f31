/** Reads one secret from AWS Secrets Manager. */
import { SecretReader } from '../domain/secret-reader.ts';
import { AwsError } from './aws/aws-error.ts';
import type { SecretsCall } from './aws/operations.ts';

/** A cached reader of the secret's text: the version AWSCURRENT, and AWSPREVIOUS if there is one. Two calls, at the same time. */
export function secretsManagerSecret(call: SecretsCall, secretArn: string): SecretReader {
  const textOf = async (VersionStage: 'AWSCURRENT' | 'AWSPREVIOUS') => {
    const { SecretString } = await call('GetSecretValue', { SecretId: secretArn, VersionStage });
    if (!SecretString) throw new Error(`The version ${VersionStage} of the secret ${secretArn} has no text value.`);
    return SecretString;
  };
  return new SecretReader({
    now: () => performance.now(),
    read: async () => {
      const [current, previous] = await Promise.all([
        textOf('AWSCURRENT'),
        // A secret that was never rotated has none. Any other error fails the read: without it, valid signatures would be refused.
        textOf('AWSPREVIOUS').catch((error: unknown) => {
          if (error instanceof AwsError && error.name === 'ResourceNotFoundException') return undefined;
          throw error;
        }),
      ]);
      return previous === undefined ? [current] : [current, previous];
    },
  });
}
