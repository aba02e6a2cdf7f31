/** The jobs of a client process, and its replies. All rates are of the steady part, after the warm-up. */

interface Timed {
  warmUpSeconds: number;
  seconds: number;
}

export type Job =
  /** Closed loop: each connection sends its next message once the last one is answered. */
  | ({ kind: 'messages'; url: string; connections: number } & Timed)
  /** Closed loop: `underWay` handshakes at a time; a connection is dropped as soon as it is open. */
  | ({ kind: 'connects'; urls: readonly string[]; underWay: number } & Timed)
  /** Closed loop: `underWay` posts of @connections at a time, over as many connections. */
  | ({ kind: 'posts'; url: string; managementUrl: string; underWay: number } & Timed)
  /** Closed loop: each user's next webhook is posted once the push of the previous one has arrived. */
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
