/**
 * The way of an event through a stack, as a model on virtual time: a queue with visibility timeouts and dead letters, a function that claims events and pushes
 * them, and everything that can go wrong on the way, by a seed. It shares no code with what it tests.
 */
import { FakeStack, type Peer } from '../../engine/test/fake-stack.ts';

/** Shares are 0 to 1. */
export interface StackFaults {
  /** Receives after which an outside consumer takes a message and deletes it. */
  steal: number;
  /** Receives after which the message is visible again at once. */
  duplicate: number;
  /** Messages that become visible only later, up to this many seconds. */
  delay: number;
  delaySeconds: number;
  /** Pushes that are answered with 410 although the connection is open. */
  gone: number;
  /** Pushes that are throttled. */
  throttled: number;
  /** Batches whose function dies after some of its pushes. */
  crash: number;
  /** Messages that the function reports as failed without having done anything. */
  partial: number;
  /** Finished messages whose deletion is lost. */
  keptAfterwards: number;
  /** Posts that are queued and then answered too late, or refused with 503. */
  postUnanswered: number;
  postRefused: number;
  /** Messages of a channel that a subscriber never gets, though the publish is confirmed. */
  unheard: number;
  /** Pushes that go to a connection of somebody else instead. */
  stray: number;
  /** Pushes of which the end is missing. */
  cut: number;
  /** The wall clock jumps by this many seconds, once. */
  clockStepSeconds: number;
  clockStepAtMs: number;
}

interface Message {
  id: string;
  eventId: string;
  owner: string;
  body: string;
  receives: number;
  visibleAtMs: number;
}

interface Claim {
  done: boolean;
  messageId: string;
  /** By the wall clock, as the stack has it. */
  leaseUntilMs: number;
  pushedTo: Set<Peer>;
  /** When it was done: by the wall clock, and in truth. */
  doneAtWallMs: number;
  doneAtMs: number;
}

const batchSize = 5;
const pollMs = 10;
const leaseMs = 800;
const visibilityMs = 1_000;
const maxReceives = 3;
const disconnectLagMs = 8;

interface Time {
  nowMs(): number;
  after(ms: number, run: () => void): void;
}

export class ModelStack extends FakeStack {
  readonly table = new Map<string, Claim>();
  readonly deadLetters: Message[] = [];
  /** What the stack's own metric would say: every copy that was handled and reached nobody. */
  offlineCounted = 0;
  readonly fired: Record<string, number> = {};
  #messages: Message[] = [];
  readonly #rows = new Map<string, Set<Peer>>();
  readonly #time: Time;
  readonly #faults: StackFaults;
  readonly #random: () => number;
  #sequence = 0;

  constructor(faults: StackFaults, time: Time, random: () => number) {
    super({ delivery: () => (this.#happens('unheard') ? 'drop' : 'deliver') }, time);
    this.#time = time;
    this.#faults = faults;
    this.#random = random;
    this.#poll();
  }

  get nowMs(): number {
    return this.#time.nowMs();
  }

  /** Messages of the queue, whether visible or not. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  override joined(user: string, peer: Peer): void {
    super.joined(user, peer);
    this.#rows.set(user, (this.#rows.get(user) ?? new Set()).add(peer));
  }

  override left(user: string, peer: Peer): void {
    super.left(user, peer);
    this.#time.after(disconnectLagMs, () => this.#rows.get(user)?.delete(peer));
  }

  override posted(body: Buffer, _signature: string, answer: (status: number) => void): void {
    const text = String(body);
    const event = JSON.parse(text) as { id: string; data: { object: { grant_id: string } } };
    if (this.#happens('postRefused')) {
      answer(503);
      return;
    }
    const delayMs = this.#happens('delay') ? this.#random() * this.#faults.delaySeconds * 1_000 : 0;
    this.#messages.push({
      id: `m${this.#sequence++}`,
      eventId: event.id,
      owner: event.data.object.grant_id,
      body: JSON.stringify({ version: 1, eventId: event.id, frame: text }),
      receives: 0,
      visibleAtMs: this.#time.nowMs() + delayMs,
    });
    if (!this.#happens('postUnanswered')) answer(200);
  }

  /** The wall clock of the stack, and of the machine that it shares with the client. */
  wallMs(): number {
    const nowMs = this.#time.nowMs();
    return nowMs >= this.#faults.clockStepAtMs ? nowMs + this.#faults.clockStepSeconds * 1_000 : nowMs;
  }

  #happens(fault: keyof StackFaults): boolean {
    const does = this.#random() < this.#faults[fault];
    if (does) this.fired[fault] = (this.fired[fault] ?? 0) + 1;
    return does;
  }

  #poll(): void {
    this.#time.after(pollMs, () => this.#poll());
    const nowMs = this.#time.nowMs();
    const batch: Message[] = [];
    for (const message of this.#messages.filter(({ visibleAtMs }) => visibleAtMs <= nowMs).slice(0, batchSize)) {
      if (message.receives >= maxReceives) {
        this.#delete(message);
        this.deadLetters.push(message);
        continue;
      }
      message.receives++;
      message.visibleAtMs = this.#happens('duplicate') && message.receives === 1 ? nowMs : nowMs + visibilityMs;
      if (this.#happens('steal')) this.#delete(message);
      else batch.push(message);
    }
    if (batch.length > 0) this.#time.after(2 + this.#random() * 20, () => this.#deliver(batch));
  }

  #delete(message: Message): void {
    this.#messages = this.#messages.filter((each) => each !== message);
  }

  #deliver(batch: readonly Message[]): void {
    const diesAt = this.#happens('crash') ? Math.floor(this.#random() * batch.length) : batch.length;
    batch.forEach((message, n) => {
      if (n > diesAt || this.#happens('partial')) return;
      const isDone = this.#deliverOne(message, n === diesAt);
      if (isDone && !this.#happens('keptAfterwards')) this.#delete(message);
    });
  }

  #isCut(): boolean {
    return this.#faults.cut > 0 && this.#happens('cut');
  }

  #receiverOf(peer: Peer, owner: string): Peer {
    // Nothing is drawn where it never happens, so that the other faults of a seed stay what they were.
    if (this.#faults.stray === 0 || !this.#happens('stray')) return peer;
    const [other = peer] = [...this.#rows].flatMap(([user, peers]) => (user === owner ? [] : [...peers]));
    return other;
  }

  /** True when the message may be deleted. A function that dies has pushed, and recorded nothing. */
  #deliverOne(message: Message, dies: boolean): boolean {
    const { eventId, owner } = message;
    const held = this.table.get(eventId);
    if (held?.done) return true;
    if (held && held.leaseUntilMs > this.wallMs()) return held.messageId !== message.id;
    const pushedTo = held?.pushedTo ?? new Set();
    const claim: Claim = {
      ...{ done: false, messageId: message.id, leaseUntilMs: this.wallMs() + leaseMs, pushedTo },
      ...{ doneAtWallMs: 0, doneAtMs: 0 },
    };
    this.table.set(eventId, claim);
    const reached = new Set(pushedTo);
    let hasFailed = false;
    for (const peer of [...(this.#rows.get(owner) ?? [])].filter((each) => !reached.has(each))) {
      if (this.#happens('throttled')) hasFailed = true;
      else if (!this.peers.includes(peer) || this.#happens('gone')) this.#rows.get(owner)?.delete(peer);
      else {
        const frame = JSON.stringify({ type: 'event', eventId, eventType: 'message.created', object: {} });
        this.#receiverOf(peer, owner).send(this.#isCut() ? frame.slice(0, this.#random() * frame.length) : frame);
        reached.add(peer);
      }
    }
    if (dies) return false;
    if (hasFailed) {
      Object.assign(claim, { leaseUntilMs: 0, pushedTo: reached });
      return false;
    }
    Object.assign(claim, { done: true, doneAtWallMs: this.wallMs(), doneAtMs: this.#time.nowMs() });
    if (reached.size === 0) this.offlineCounted++;
    return true;
  }
}
