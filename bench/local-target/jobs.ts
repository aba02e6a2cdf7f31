/** What the bench asks of a client process, and what that answers. All rates are of the steady part, after the warm-up. */

interface Timed {
  warmUpSeconds: number;
  seconds: number;
}

export type Job =
  /** Closed loop: each connection sends its next message when the answer to the last one is there. */
  | ({ kind: 'messages'; url: string; connections: number } & Timed)
  /** Closed loop: `underWay` handshakes at a time; a connection is dropped as soon as it is open. */
  | ({ kind: 'connects'; urls: readonly string[]; underWay: number } & Timed)
  /** Closed loop: `underWay` posts of @connections at a time, over as many connections. */
  | ({ kind: 'posts'; url: string; managementUrl: string; underWay: number } & Timed)
  /** Closed loop: a webhook is posted when the push of the one before has come, one after another for each of the users. */
  | ({
      kind: 'chains';
      users: readonly { name: string; url: string }[];
      webhookUrl: string;
      webhookSecret: string;
    } & Timed)
  /** Opens connections and keeps them until the parent is gone. */
  | { kind: 'hold'; url: string; connections: number; localAddress: string; underWay: number };

/** `count`: messages answered, connections opened, posts answered, pushes received. */
export type JobResult =
  | { kind: 'done'; count: number; seconds: number; failures: number }
  | { kind: 'failed'; reason: string };
/** Sent when the warm-up is over and the steady part begins, so that the parent can read the clocks of the others. */
export type JobProgress = { kind: 'steady' };
