/** A history under a prefix in S3. Conditional writes keep what is there: `If-None-Match: *` (AWS, since August 2024). */
import type { S3Client } from '@aws-sdk/client-s3';
import { HistoryError, type HistoryStore } from './store.ts';

/** Bucket and prefix of `s3://bucket/prefix`; null when it is no such address. */
function parseS3Address(text: string): { bucket: string; prefix: string } | null {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket === undefined) return null;
  const prefix = path.replace(/^\/+|\/+$/g, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

/**
 * Credentials, region and endpoint are those of the environment, as of the AWS CLI (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_S3).
 * @throws HistoryError for an address that is none.
 */
export async function s3Store(address: string, environment: NodeJS.ProcessEnv): Promise<HistoryStore> {
  const parsed = parseS3Address(address);
  if (parsed === null)
    throw new HistoryError(`--history ${address} is not an address in S3: write s3://bucket/prefix, or name a folder.`);
  const { bucket: Bucket, prefix } = parsed;
  // A quarter of a second that a history in a folder does not need.
  const { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const endpoint = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
  const client: S3Client = new S3Client({
    // Servers other than AWS have no host name for each bucket.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
  });
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      throw new HistoryError(
        `The history ${address} could not be ${what} (${reason.replaceAll(/\s+/g, ' ')}): check the bucket, its region (AWS_REGION) and your credentials.`,
        { cause },
      );
    }
  };
  return {
    place: address,
    // Whoever may write may also list: that comes first anyway.
    prepare: async () => {},
    list: () =>
      attempt('read', async () => {
        const names: string[] = [];
        let ContinuationToken: string | undefined;
        do {
          const page = await client.send(
            new ListObjectsV2Command({
              Bucket,
              Prefix: prefix,
              Delimiter: '/',
              ...(ContinuationToken && { ContinuationToken }),
            }),
          );
          for (const { Key } of page.Contents ?? []) if (Key !== undefined) names.push(Key.slice(prefix.length));
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken !== undefined);
        return names.filter((name) => name !== '');
      }),
    read: (name) =>
      attempt('read', async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: `${prefix}${name}` }));
        return (await Body?.transformToString()) ?? '';
      }),
    create: (name, text) =>
      attempt('written', async () => {
        try {
          await client.send(
            new PutObjectCommand({
              ...{ Bucket, Key: `${prefix}${name}`, Body: text, IfNoneMatch: '*' },
              ContentType: name.endsWith('.json') ? 'application/json' : 'application/x-ndjson',
            }),
          );
          return 'written';
        } catch (cause) {
          if (cause instanceof Error && cause.name === 'PreconditionFailed') return 'taken';
          throw cause;
        }
      }),
  };
}
