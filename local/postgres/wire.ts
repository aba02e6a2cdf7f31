/** PostgreSQL's messages, as far as a proxy reads them. Source: PostgreSQL manual, "Frontend/Backend Protocol", version 3.0. */

/** Codes in place of a protocol version in a client's first message. */
const requestCodes = { ssl: 80_877_103, gss: 80_877_104, cancel: 80_877_102 } as const;
const protocolVersion = 196_608;

export type StartupParameters = Readonly<Record<string, string>>;

/** The client's first message: with its parameters, or one of the requests; null while it is incomplete. */
export type FirstMessage =
  | { kind: 'startup'; parameters: StartupParameters; bytes: Buffer; rest: Buffer }
  | { kind: 'ssl' | 'gss' | 'cancel'; bytes: Buffer; rest: Buffer };

/** No client has a longer one: PostgreSQL refuses it (MAX_STARTUP_PACKET_LENGTH). */
const maxStartupBytes = 10_000;

/** @throws for what is no such message. */
export function readFirstMessage(received: Buffer): FirstMessage | null {
  if (received.length < 8) return null;
  const length = received.readInt32BE(0);
  if (length < 8 || length > maxStartupBytes) throw new Error('This is not the PostgreSQL protocol.');
  if (received.length < length) return null;
  const bytes = received.subarray(0, length);
  const rest = received.subarray(length);
  const code = received.readInt32BE(4);
  for (const kind of ['ssl', 'gss', 'cancel'] as const) if (code === requestCodes[kind]) return { kind, bytes, rest };
  if (code !== protocolVersion) throw new Error('Only version 3.0 of the PostgreSQL protocol is served.');
  const texts = bytes.subarray(8).toString().split('\0');
  const parameters: Record<string, string> = {};
  for (let index = 0; texts[index]; index += 2) parameters[texts[index] ?? ''] = texts[index + 1] ?? '';
  return { kind: 'startup', parameters, bytes, rest };
}

export function startupMessage(parameters: StartupParameters): Buffer {
  const text = `${Object.entries(parameters)
    .map(([name, value]) => `${name}\0${value}\0`)
    .join('')}\0`;
  const message = Buffer.alloc(8 + Buffer.byteLength(text));
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(protocolVersion, 4);
  message.write(text, 8);
  return message;
}

/** A message with a type. */
function message(type: string, body: Buffer | string = ''): Buffer {
  const content = Buffer.from(body);
  const whole = Buffer.alloc(5 + content.length);
  whole.write(type, 0, 'latin1');
  whole.writeInt32BE(4 + content.length, 1);
  content.copy(whole, 5);
  return whole;
}

export const authenticationOk = message('R', Buffer.from([0, 0, 0, 0]));
export const cleartextPassword = message('R', Buffer.from([0, 0, 0, 3]));
/** `state`: SQLSTATE. */
export const fatal = (state: string, text: string): Buffer => message('E', `SFATAL\0VFATAL\0C${state}\0M${text}\0\0`);

/** SQLSTATE `too_many_connections`. */
export const tooManyConnections = '53300';
/** What RDS Proxy says when no connection was free within the borrow timeout. */
export const noConnectionInTime = fatal(tooManyConnections, 'Timed-out waiting to acquire database connection');

/** The SQLSTATE of an ErrorResponse's body. */
export function stateOf(body: Buffer): string {
  const field = body
    .toString()
    .split('\0')
    .find((each) => each.startsWith('C'));
  return field?.slice(1) ?? '';
}

/** The most of a message that is looked at: the start of a statement. */
const lookedAtBytes = 256;

/** Finds the messages in a stream, wherever its chunks are cut. Calls back when a message is complete, with the start of its body. */
export class MessageScanner {
  #head = Buffer.alloc(5);
  #headBytes = 0;
  #left = 0;
  #start: Buffer[] = [];
  #startBytes = 0;
  readonly #onMessage: (type: string, start: Buffer) => void;

  constructor(onMessage: (type: string, start: Buffer) => void) {
    this.#onMessage = onMessage;
  }

  feed(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length || (this.#headBytes === 5 && this.#left === 0)) {
      if (this.#headBytes < 5) {
        const taken = Math.min(5 - this.#headBytes, chunk.length - at);
        chunk.copy(this.#head, this.#headBytes, at, at + taken);
        this.#headBytes += taken;
        at += taken;
        if (this.#headBytes < 5) return;
        this.#left = this.#head.readInt32BE(1) - 4;
        if (this.#left < 0) throw new Error('This is not the PostgreSQL protocol.');
      }
      const taken = Math.min(this.#left, chunk.length - at);
      if (taken > 0 && this.#startBytes < lookedAtBytes) {
        const part = chunk.subarray(at, at + Math.min(taken, lookedAtBytes - this.#startBytes));
        this.#start.push(part);
        this.#startBytes += part.length;
      }
      at += taken;
      this.#left -= taken;
      if (this.#left > 0) return;
      const type = String.fromCharCode(this.#head[0] ?? 0);
      const start = this.#start.length === 1 ? (this.#start[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#start);
      this.#headBytes = 0;
      this.#start = [];
      this.#startBytes = 0;
      this.#onMessage(type, start);
    }
  }
}
