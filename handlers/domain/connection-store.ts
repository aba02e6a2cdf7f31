/** Who is connected, and who is subscribed to which channel. */
export interface ConnectionStore {
  addConnection(userId: string, connectionId: string): Promise<void>;
  /** Open connections of a user, including one that was added just before. May hold connections that are gone. */
  connectionsOf(userId: string): Promise<string[]>;
  removeConnection(userId: string, connectionId: string): Promise<void>;
  /** Subscribing twice is the same as once. */
  subscribe(connectionId: string, channel: string): Promise<void>;
  /** Subscribers of a channel, `atMost` of them, including one that was added just before. May hold connections that are gone. */
  subscribersOf(channel: string, atMost?: number): Promise<string[]>;
  unsubscribe(connectionId: string, channel: string): Promise<void>;
  /** Ends all subscriptions of a connection. */
  unsubscribeAll(connectionId: string): Promise<void>;
}
