/** Synthesis in a thread of its own: aws-cdk-lib takes hundreds of megabytes, which go when the thread ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { synthesizeCached } from '../stack/synthesize.ts';

parentPort?.postMessage(await synthesizeCached(workerData));
