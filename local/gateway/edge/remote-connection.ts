/** A connection whose socket an edge process holds, as the core sees it. */
import type { ClientConnection, CloseCause, PostOutcome } from '../sockets/connection.ts';
import type { ConnectionFacts } from '../websocket/websocket-events.ts';
import type { EdgeChannel } from './edge-channel.ts';
import { encodePost, toEdge } from './edge-frames.ts';

/** Posts awaiting the edge's answer. */
export interface PendingPosts {
  add(settle: (outcome: PostOutcome) => void): number;
}

export class RemoteConnection implements ClientConnection {
  readonly facts: ConnectionFacts;
  open = true;
  lastActiveAtMs: number;
  #channel: EdgeChannel;
  #number: number;
  #posts: PendingPosts;

  constructor(facts: ConnectionFacts, edge: { channel: EdgeChannel; number: number; posts: PendingPosts }) {
    this.facts = facts;
    this.lastActiveAtMs = facts.connectedAtMs;
    this.#channel = edge.channel;
    this.#number = edge.number;
    this.#posts = edge.posts;
  }

  send(message: string | Buffer, nowMs: number): void {
    if (!this.open) return;
    this.lastActiveAtMs = nowMs;
    this.#channel.send(toEdge.send, this.#number, message);
  }

  /** Only the edge knows how much is buffered for the client, so it decides. */
  async post(message: Buffer, bufferBytes: number, nowMs: number): Promise<PostOutcome> {
    if (!this.open) return 'gone';
    const outcome = await new Promise<PostOutcome>((settle) => {
      this.#channel.send(toEdge.post, this.#number, encodePost(this.#posts.add(settle), bufferBytes, message));
    });
    if (outcome === 'sent') this.lastActiveAtMs = nowMs;
    return outcome;
  }

  close(cause: CloseCause): void {
    if (!this.open) return;
    this.open = false;
    this.#channel.send(toEdge.close, this.#number, JSON.stringify(cause));
  }
}
