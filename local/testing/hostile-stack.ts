/** A small stack for hostile clients, with a log of its connections and a bystander that must not be affected. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LimitsInput } from '../quota/limits.ts';
import { startSmallStack } from './small-stack.ts';
import { connect } from './web-socket-client.ts';

const noted = (connectionLog: string, answer: string) => `
  import { appendFileSync } from 'node:fs';
  export const handler = async (event) => {
    const { eventType, connectionId, disconnectStatusCode } = event.requestContext;
    appendFileSync(${JSON.stringify(connectionLog)}, JSON.stringify({ eventType, connectionId, code: disconnectStatusCode, headers: event.headers, query: event.queryStringParameters }) + '\\n');
    ${answer}
  };`;

interface ConnectionEvent {
  eventType: 'CONNECT' | 'DISCONNECT';
  connectionId: string;
  /** Of a DISCONNECT. */
  code?: number;
  headers: Record<string, string>;
  query?: Record<string, string>;
}

export interface HostileStackOptions {
  limits?: LimitsInput;
  /** How long $connect takes. */
  connectMs?: number;
  gatewayProcesses?: number;
}

export async function startHostileStack({
  limits = {},
  connectMs = 0,
  gatewayProcesses = 1,
}: HostileStackOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-hostile-'));
  const logPath = join(folder, 'connections.ndjson');
  writeFileSync(logPath, '');
  const echo = `export const handler = async (event) => ({ statusCode: 200, body: String(event.body) });`;
  const wait = `await new Promise((resolve) => setTimeout(resolve, ${connectMs})); return { statusCode: 200 };`;
  const stack = await startSmallStack({
    functions: { Connect: noted(logPath, wait), Disconnect: noted(logPath, ''), Echo: echo, Http: echo },
    webSocketRoutes: { $connect: 'Connect', $disconnect: 'Disconnect', '$default (two-way)': 'Echo' },
    httpRoutes: { 'POST /echo': 'Http', 'GET /echo': 'Http' },
    gatewayProcesses,
    limits: { newConnections: { ratePerSecond: 10_000, burst: 10_000 }, ...limits },
  });
  const { webSocketUrl, webhookUrl, endpointUrl, webSocketApiId } = stack.target;
  const bystander = await connect(webSocketUrl);
  let messages = 0;
  const connectionLog = (): ConnectionEvent[] =>
    readFileSync(logPath, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return {
    webSocketUrl,
    webhookUrl,
    endpointUrl,
    webSocketApiId,
    connectionLog,
    /** Returns when the bystander has the answer to a message. */
    async serves(): Promise<void> {
      messages += 1;
      const text = `still here ${messages}`;
      bystander.socket.send(text);
      const answer = await bystander.next();
      if (answer !== text) throw new Error(`The bystander got ${answer}`);
    },
    async stop() {
      bystander.socket.terminate();
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Polls until the answer is right or the time is up; returns the last answer. */
export async function settled<Value>(
  ask: () => Value,
  isRight: (value: Value) => boolean,
  seconds = 50,
): Promise<Value> {
  for (let attempt = 0; attempt < seconds * 40; attempt++) {
    const value = ask();
    if (isRight(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return ask();
}

/** Sockets of this process, the stack's and the tests' own. */
export const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
