/** Who is connected, and who is subscribed to which channel. */

/** Whose connections: those of a user, or those subscribed to a channel. */
export type Audience = { kind: 'user'; userId: string } | { kind: 'channel'; channel: string };

/** A connection as it is listed in an audience. */
export interface Recipient {
  connectionId: string;
  /** When `$connect` listed it, in ms since the epoch. Null for a subscriber, which was open before it could subscribe. */
  listedAtMs: number | null;
  /** When pushes found it gone for the first time, in ms since the epoch; null if they did not, or have reached it since. */
  doubtedAtMs: number | null;
}

export interface ConnectionStore {
  /** Lists a connection for its user. */
  addConnection(userId: string, connectionId: string): Promise<void>;
  /** The connections of an audience, `atMost` of them, including one that was added just before. May hold connections that are gone. */
  recipientsOf(audience: Audience, atMost?: number): Promise<Recipient[]>;
  isListed(audience: Audience, connectionId: string): Promise<boolean>;
  /** Notes that a push found it gone. Of a connection that is no longer listed nothing is noted. */
  doubt(audience: Audience, connectionId: string): Promise<void>;
  /** Takes the doubt back. */
  trust(audience: Audience, connectionId: string): Promise<void>;
  /** Takes a connection off the list: of a user it is forgotten, of a channel its subscription ends. */
  unlist(audience: Audience, connectionId: string): Promise<void>;
  /** Subscribing twice is the same as once. `tooMany`: it would be more than `atMost` channels, and nothing has changed. */
  subscribe(connectionId: string, channel: string, atMost: number): Promise<'subscribed' | 'tooMany'>;
  /** Ends the subscriptions of a connection, as far as time allows. Returns how many are left: they expire by themselves. */
  unsubscribeAll(connectionId: string): Promise<number>;
}
