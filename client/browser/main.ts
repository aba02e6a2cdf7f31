/** The entry of the published client: `import { connect } from 'loadline/client'`. */
import { type Client, type ClientOptions, createClient } from '../client.ts';
import { browserPlatform } from './platform.ts';

export type { Client, ClientOptions, ClientState } from '../client.ts';
export { type Conduct, standardConduct } from '../conduct.ts';
export type { ChannelMessage, SyncEvent } from '../frames.ts';
export { RequestError } from '../link.ts';
export { isInStage, placeOf } from '../rollout.ts';

/** Begins at once, and goes on until {@link Client.close}. */
export const connect = (options: ClientOptions): Client => createClient(options, browserPlatform);
