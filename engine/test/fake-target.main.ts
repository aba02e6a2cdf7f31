/** The fake target as a process of its own, so that it can be stopped and continued. Prints its URLs as one line of JSON. */
import { startFakeTarget } from './fake-target.ts';

const { webSocketUrl, webhookUrl } = await startFakeTarget();
console.log(JSON.stringify({ webSocketUrl, webhookUrl }));
