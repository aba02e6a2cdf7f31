/** A running conformance stack, local or on AWS, as the cases see it: its APIs and ordinary AWS clients. */
import type { IncomingHttpHeaders } from 'node:http';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SQSClient } from '@aws-sdk/client-sqs';
import { WebSocket } from 'ws';
import { localCredentials } from '../../local/gateway/connections-api/sigv4.ts';
import { type Client, connect, handshakeStatus } from '../../local/testing/web-socket-client.ts';
import type { TargetDescription } from '../../record/target.ts';
import type { TargetNeed } from './target-need.ts';
import type { TargetSource } from './targets.ts';
import { eventually, within } from './waiting.ts';

/** Time after which something counts as never happening, in ms. */
const patienceMs = { local: 8_000, aws: 30_000 };
/** CloudWatch publishes the metrics of services once a minute, minutes late. */
const metricPatienceMs = { local: 8_000, aws: 420_000 };

/** An event as received by a function of a WebSocket API. */
export type ProbeEvent = Record<string, unknown> & {
  requestContext: Record<string, unknown> & { connectionId: string };
};

/** Recorded by a probe: the event it received. */
export interface Observation {
  part: string;
  seen: unknown;
}

export interface ProbeSocket {
  client: Client;
  send(message: string | object): void;
  /** The next text; rejects if none arrives. */
  next(): Promise<string>;
  /** Sends, and returns the next text. */
  ask(message: string | object): Promise<string>;
  /** Rejects if a text arrives meanwhile. */
  silentFor(ms: number): Promise<void>;
  closed(): Promise<{ code: number; reason: string }>;
  /** Sizes of the data frames that arrive from now on, in bytes. */
  frameSizes(): readonly number[];
  /** Closes, and waits until it is closed. */
  close(code?: number, reason?: string): Promise<void>;
}

export class Subject {
  readonly description: TargetDescription;
  readonly startedAtMs = Date.now();
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly cloudwatch: CloudWatchClient;
  readonly serviceQuotas: ServiceQuotasClient;
  readonly lambda: LambdaClient;
  readonly #targets: TargetSource;
  #connectionsApi: ApiGatewayManagementApiClient;
  #sockets: ProbeSocket[] = [];

  constructor(description: TargetDescription, targets: TargetSource) {
    this.description = description;
    this.#targets = targets;
    const { endpoints } = description;
    this.dynamodb = new DynamoDBClient(this.#client(endpoints?.dynamodb));
    this.sqs = new SQSClient(this.#client(endpoints?.sqs));
    this.cloudwatch = new CloudWatchClient(this.#client(endpoints?.cloudwatch));
    this.serviceQuotas = new ServiceQuotasClient(this.#client(endpoints?.cloudwatch));
    // Lambda's Invoke has the same endpoint as CloudWatch.
    this.lambda = new LambdaClient(this.#client(endpoints?.cloudwatch));
    this.#connectionsApi = this.connectionsApi();
  }

  #client(endpoint: string | undefined) {
    const { region } = this.description;
    // One attempt: a case is about the first answer.
    return { region, maxAttempts: 1, ...(endpoint !== undefined && { endpoint, credentials: localCredentials }) };
  }

  get onAws(): boolean {
    return this.description.kind === 'aws';
  }

  get patienceMs(): number {
    return patienceMs[this.description.kind];
  }

  /** `https://…` of the @connections API, without the path. */
  get callbackUrl(): string {
    return this.description.endpoints?.apiGatewayManagementApi ?? this.description.webSocketUrl.replace('wss', 'https');
  }

  connectionsApi(credentials?: { accessKeyId: string; secretAccessKey: string }): ApiGatewayManagementApiClient {
    const endpoint = this.callbackUrl;
    const { region } = this.description;
    const given = credentials ?? (this.onAws ? undefined : localCredentials);
    return new ApiGatewayManagementApiClient({
      region,
      endpoint,
      maxAttempts: 1,
      ...(given !== undefined && { credentials: given }),
    });
  }

  get management(): ApiGatewayManagementApiClient {
    return this.#connectionsApi;
  }

  /** Physical name of a function or queue of the stack by its short name. */
  nameOf(name: string): string {
    return `${this.description.resources.stackName}-${name}`;
  }

  queueUrl(name: string): string {
    const { queueUrl, queueName } = this.description.resources;
    return `${queueUrl.slice(0, -queueName.length)}${this.nameOf(name)}`;
  }

  url(query: Readonly<Record<string, string>> = {}): string {
    const search = new URLSearchParams(query).toString();
    return `${this.description.webSocketUrl}${search === '' ? '' : `?${search}`}`;
  }

  handshake(query: Readonly<Record<string, string>>) {
    return this.handshakeAt(this.url(query));
  }

  handshakeAt(url: string, headers: Record<string, string> = {}) {
    return within(handshakeStatus(url, headers), this.patienceMs, 'an answer to the handshake');
  }

  /** Headers of the 101. */
  async upgradeHeaders(query: Readonly<Record<string, string>>): Promise<IncomingHttpHeaders> {
    const socket = new WebSocket(this.url(query));
    const headers = new Promise<IncomingHttpHeaders>((resolve, reject) => {
      socket.once('upgrade', (response) => resolve(response.headers));
      socket.once('error', reject);
    });
    try {
      return await within(headers, this.patienceMs, 'the upgrade');
    } finally {
      socket.on('error', () => undefined);
      socket.terminate();
    }
  }

  async connect(
    query: Readonly<Record<string, string>> = { token: 'me' },
    protocols: string[] = [],
  ): Promise<ProbeSocket> {
    const client = await within(connect(this.url(query), protocols), this.patienceMs, 'a connection');
    const next = () => within(client.next(), this.patienceMs, 'a text');
    const send = (message: string | object) =>
      client.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    const closed = () => within(client.closed, this.patienceMs, 'the close');
    const probe: ProbeSocket = {
      client,
      send,
      next,
      closed,
      ask(message) {
        send(message);
        return next();
      },
      async silentFor(ms) {
        let received: unknown = null;
        const listen = (text: unknown) => {
          received = text;
        };
        client.socket.on('message', listen);
        await new Promise((resolve) => setTimeout(resolve, ms));
        client.socket.off('message', listen);
        if (received !== null) throw new Error(`nothing was expected, but this arrived: ${String(received)}`);
      },
      frameSizes() {
        const sizes: number[] = [];
        // ws joins the frames of a message; only its receiver sees them.
        const receiver = Reflect.get(client.socket, '_receiver');
        const getData = receiver.getData;
        receiver.getData = (callback: unknown) => {
          // Called again for each chunk from the network: the same frame until its opcode is read again.
          if (receiver._opcode < 8 && receiver._payloadLength > 0) sizes.push(receiver._payloadLength);
          return getData.call(receiver, callback);
        };
        return sizes;
      },
      async close(code, reason) {
        client.socket.close(code, reason);
        await closed();
      },
    };
    this.#sockets.push(probe);
    return probe;
  }

  http(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.description.webhookUrl + path, { signal: AbortSignal.timeout(this.patienceMs), ...init });
  }

  /** A request to the REST API. */
  rest(path: string, init: RequestInit = {}): Promise<Response> {
    const { graph, region, webhookUrl } = this.description;
    const { apiId = '', stages = [] } = graph.apis.find(({ kind }) => kind === 'rest') ?? {};
    const base = this.onAws ? `https://${apiId}.execute-api.${region}.amazonaws.com` : webhookUrl;
    return fetch(`${base}/${stages[0]}${path}`, { signal: AbortSignal.timeout(this.patienceMs), ...init });
  }

  /** Events recorded by probes under a key; waits until there are some. */
  observed(key: string, atLeast = 1): Promise<readonly Observation[]> {
    return this.observedWithin(key, this.patienceMs, atLeast);
  }

  async observedWithin(key: string, limitMs: number, atLeast = 1): Promise<readonly Observation[]> {
    return await eventually(limitMs, async () => {
      const { Items = [] } = await this.dynamodb.send(
        new QueryCommand({
          TableName: this.description.resources.tableName,
          KeyConditionExpression: 'pk = :key',
          ExpressionAttributeValues: { ':key': { S: key } },
          ConsistentRead: true,
        }),
      );
      if (Items.length < atLeast) throw new Error(`${Items.length} of ${atLeast} observations under ${key}`);
      return Items.map(({ sk, seen }) => ({ part: sk?.S ?? '', seen: JSON.parse(seen?.S ?? 'null') as unknown }));
    });
  }

  /** The only event recorded under a key. */
  async event(key: string): Promise<ProbeEvent> {
    const [first] = await this.observed(key);
    return first?.seen as ProbeEvent;
  }

  /** Retries until it does not reject, for as long as CloudWatch may take. */
  measured<T>(attempt: () => Promise<T>): Promise<T> {
    return eventually(metricPatienceMs[this.description.kind], attempt);
  }

  /** Starts and stops a target, to test refusals at the start. */
  async startAnother(need: TargetNeed): Promise<void> {
    const started = await this.#targets.start(need);
    await started.stop();
  }

  /** Closes sockets that cases left open. */
  close(): void {
    for (const { client } of this.#sockets) client.socket.terminate();
    this.dynamodb.destroy();
    this.sqs.destroy();
    this.cloudwatch.destroy();
    this.serviceQuotas.destroy();
    this.lambda.destroy();
    this.#connectionsApi.destroy();
  }
}
