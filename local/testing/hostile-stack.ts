/** A small stack that hostile clients are let loose on, with a diary of its connections and a bystander who must not notice. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LimitsInput } from '../quota/limits.ts';
import { startSmallStack } from './small-stack.ts';
import { connect } from './web-socket-client.ts';

const noted = (diary: string, answer: string) => `
  import { appendFileSync } from 'node:fs';
  export const handler = async (event) => {
    const { eventType, connectionId, disconnectStatusCode } = event.requestContext;
    appendFileSync(${JSON.stringify(diary)}, JSON.stringify({ eventType, connectionId, code: disconnectStatusCode, headers: event.headers, query: event.queryStringParameters }) + '\\n');
    ${answer}
  };`;

interface DiaryEntry {
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
  const diaryPath = join(folder, 'diary.ndjson');
  writeFileSync(diaryPath, '');
  const echo = `export const handler = async (event) => ({ statusCode: 200, body: String(event.body) });`;
  const wait = `await new Promise((resolve) => setTimeout(resolve, ${connectMs})); return { statusCode: 200 };`;
  const stack = await startSmallStack({
    functions: { Connect: noted(diaryPath, wait), Disconnect: noted(diaryPath, ''), Echo: echo, Http: echo },
    webSocketRoutes: { $connect: 'Connect', $disconnect: 'Disconnect', '$default (two-way)': 'Echo' },
    httpRoutes: { 'POST /echo': 'Http', 'GET /echo': 'Http' },
    gatewayProcesses,
    limits: { newConnections: { ratePerSecond: 10_000, burst: 10_000 }, ...limits },
  });
  const { webSocketUrl, webhookUrl } = stack.target;
  const bystander = await connect(webSocketUrl);
  let messages = 0;
  const diary = (): DiaryEntry[] =>
    readFileSync(diaryPath, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return {
    webSocketUrl,
    webhookUrl,
    diary,
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

/** Asks until the answer is right, for so many seconds; answers the last one. */
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
