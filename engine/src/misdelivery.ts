/** A push or a message of a channel that arrived on a connection whose user it is not for: what one user's connection said to another. */
export interface Misdelivery {
  what: 'event' | 'publish';
  /** Of the event, or of the publish as it was sent. */
  id: string;
  /** Whose it is: the owner's user id, or the channel. Null: it is of another fleet, or of another run. */
  of: string | null;
  /** User id of the connection that it reached. */
  to: string;
}

/** Those that one fleet lists at most, over the whole run. The counters go on: a stack that pushes everything to everybody has millions. */
export const maxListedMisdeliveries = 1_000;
/** An id that came from outside is cut there. */
export const maxMisdeliveredId = 100;
