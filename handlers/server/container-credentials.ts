/**
 * Credentials of the task's role, from the address that ECS names in the environment; they change every few hours, and are read again before they end.
 * Source: ECS developer guide, "Task IAM role", read November 2026.
 */
import type { Credentials } from '../adapters/aws/signature.ts';

const host = 'http://169.254.170.2';
/** Read again when so much of their time is left. */
const marginMs = 300_000;
const retryMs = 10_000;

interface Answer {
  AccessKeyId: string;
  SecretAccessKey: string;
  Token: string;
  Expiration: string;
}

export interface TaskCredentials {
  /** Always the present ones. */
  credentials: Credentials;
  close: () => void;
}

/** Those of the environment, if it has them and no task role; settles when there are some. */
export async function taskCredentials(
  environment: NodeJS.ProcessEnv,
  onError: (error: unknown) => void,
): Promise<TaskCredentials> {
  const path = environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
  if (!path) {
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = environment;
    const sessionToken = environment.AWS_SESSION_TOKEN || undefined;
    if (accessKeyId === '') throw new Error('The task has no role, and its environment has no credentials.');
    return { credentials: { accessKeyId, secretAccessKey, sessionToken }, close: () => {} };
  }
  let timer: NodeJS.Timeout | undefined;
  const again = (waitMs: number) => {
    timer = setTimeout(() => {
      refresh().catch((error: unknown) => {
        onError(error);
        again(retryMs);
      });
    }, waitMs);
  };
  const refresh = async () => {
    const answer = await fetch(`${host}${path}`, { signal: AbortSignal.timeout(retryMs) });
    if (!answer.ok) throw new Error(`The credentials of the task's role were answered with ${answer.status}.`);
    // The shape is ECS's.
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = (await answer.json()) as Answer;
    Object.assign(credentials, { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token });
    again(Math.max(retryMs, Date.parse(Expiration) - Date.now() - marginMs));
  };
  const credentials: Credentials = { accessKeyId: '', secretAccessKey: '' };
  await refresh();
  return { credentials, close: () => clearTimeout(timer) };
}
