/** PostgreSQL's messages, as far as a proxy reads them. Source: PostgreSQL manual, "Frontend/Backend Protocol", version 3.0. */

const protocolVersion = 196_608;

export type StartupParameters = Readonly<Record<string, string>>;

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
