/** Questions to a deployment. Apart from its schema: a report's page calculates without the schema's library. */
import type { Deployment, FedQueue } from './deployment.ts';

/** Concurrency that functions have reserved. */
export const reservedOf = ({ functions }: Pick<Deployment, 'functions'>): number =>
  functions.reduce((sum, { reservedConcurrency }) => sum + (reservedConcurrency ?? 0), 0);

/** The queue that a function empties; null: none. */
export const queueOf = ({ queues }: Pick<Deployment, 'queues'>, functionId: string): FedQueue | null =>
  queues.find((queue) => queue.function === functionId) ?? null;
