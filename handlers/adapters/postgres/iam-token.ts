/**
 * The password of a function, or of a task, that signs in to RDS as itself: a signed request that is never sent, good for 15 minutes.
 * Source: RDS user guide, "IAM database authentication", read November 2026.
 */
import { type Credentials, RequestSigner } from '../aws/signature.ts';
import { requiredVariable } from '../environment.ts';

const validSeconds = 900;

export interface SignIn {
  host: string;
  port: number;
  user: string;
}

/**
 * @param credentials in place of those of the environment. They may change: each token is signed with the present ones.
 * @throws when a variable that Lambda itself sets is missing.
 */
export function iamToken({ host, port, user }: SignIn, credentials?: Credentials): () => string {
  const signer = new RequestSigner({
    service: 'rds-db',
    region: requiredVariable('AWS_REGION'),
    credentials: credentials ?? {
      accessKeyId: requiredVariable('AWS_ACCESS_KEY_ID'),
      secretAccessKey: requiredVariable('AWS_SECRET_ACCESS_KEY'),
      sessionToken: process.env.AWS_SESSION_TOKEN || undefined,
    },
  });
  const at = `${host}:${port}`;
  return () =>
    `${at}/?${signer.presign({ host: at, query: { Action: 'connect', DBUser: user } }, validSeconds, Date.now())}`;
}
