/** Questions to a deployment. Apart from its schema: a report's page calculates without the schema's library. */
import { claimOf } from '../../aws/reserved-concurrency.ts';
import type { Deployment, EnteredApi, FedQueue } from './deployment.ts';

/** Concurrency that functions have reserved. */
export const reservedOf = ({ functions }: Pick<Deployment, 'functions'>): number =>
  functions.reduce((sum, { reservedConcurrency }) => sum + (reservedConcurrency ?? 0), 0);

/** What functions take of the account's concurrency whether they run or not: reserved, or else kept ready. */
export const claimedOf = ({ functions }: Pick<Deployment, 'functions'>): number =>
  functions.reduce((sum, each) => sum + claimOf(each), 0);

/** The queue that a function empties; null: none. */
export const queueOf = ({ queues }: Pick<Deployment, 'queues'>, functionId: string): FedQueue | null =>
  queues.find((queue) => queue.function === functionId) ?? null;

/** The API of API Gateway that webhooks come to; null: they come to none, as where they come to the URL of a function. */
export const webhookApi = ({ webhook }: Pick<Deployment, 'webhook'>): EnteredApi | null =>
  webhook?.kind === 'functionUrl' ? null : webhook;
