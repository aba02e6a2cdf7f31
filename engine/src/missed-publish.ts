/** A publish that the target confirmed, and that a subscriber never got who was connected and subscribed from before it was sent until the end of the drain. */
export interface MissedPublish {
  /** As it was sent: one of its fleet, so it is told together with the channel, which is the fleet's own. */
  id: string;
  channel: string;
  /** How many such subscribers. */
  subscribers: number;
  /** Ids of their users: the first {@link maxNamedUsers}. */
  users: readonly string[];
}

export const maxNamedUsers = 10;

/** Publishes that one fleet lists at most, over the whole run. The counters go on. At about 200 bytes each they are 2 MB of a run folder. */
export const maxListedPublishes = 10_000;
