/** A client process of the bench: runs one job, given over IPC, and reports its result. Ends with its parent. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Job, JobProgress, JobResult } from './jobs.ts';

const say = (message: JobProgress | JobResult) => process.send?.(message);
const counters = { count: 0, failures: 0 };
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

async function open(url: string, from: { localAddress?: string; localPort?: number } = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false, ...from });
  await once(socket, 'open');
  socket.on('error', () => {
    counters.failures += 1;
  });
  return socket;
}

/** Counts events in the steady part, and signals its start. */
async function steady({ warmUpSeconds, seconds }: { warmUpSeconds: number; seconds: number }): Promise<JobResult> {
  await sleep(warmUpSeconds * 1_000);
  say({ kind: 'steady' });
  const before = { ...counters, at: performance.now() };
  await sleep(seconds * 1_000);
  return {
    kind: 'done',
    count: counters.count - before.count,
    failures: counters.failures - before.failures,
    seconds: (performance.now() - before.at) / 1_000,
  };
}

/** Runs the requested number of loops until the result is available. */
async function loops(
  count: number,
  once: (index: number) => Promise<void>,
  result: Promise<JobResult>,
): Promise<JobResult> {
  let ended = false;
  const loop = async (index: number) => {
    while (!ended) {
      await once(index).catch(() => {
        counters.failures += 1;
      });
    }
  };
  for (let index = 0; index < count; index++) void loop(index);
  const answer = await result;
  ended = true;
  return answer;
}

function post(url: string, headers: Record<string, string>, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}.`));
      });
    });
    sent.end(body);
  });
}

async function messages(job: Extract<Job, { kind: 'messages' }>): Promise<JobResult> {
  let id = 0;
  for (let index = 0; index < job.connections; index++) {
    const socket = await open(job.url);
    const send = () => {
      id += 1;
      socket.send(`{"action":"ping","id":"${id}"}`);
    };
    socket.on('message', () => {
      counters.count += 1;
      send();
    });
    send();
  }
  return steady(job);
}

function connects(job: Extract<Job, { kind: 'connects' }>): Promise<JobResult> {
  let next = 0;
  const connect = async () => {
    next += 1;
    const socket = await open(job.urls[next % job.urls.length] ?? '');
    counters.count += 1;
    socket.terminate();
  };
  return loops(job.underWay, connect, steady(job));
}

async function posts(job: Extract<Job, { kind: 'posts' }>): Promise<JobResult> {
  const urls: string[] = [];
  for (let index = 0; index < job.underWay; index++) {
    const socket = await open(job.url);
    // The gateway's own frames name the connection.
    socket.send('{"action":"none"}');
    const [frame] = await once(socket, 'message');
    const { connectionId } = JSON.parse(String(frame));
    urls.push(`${job.managementUrl}/@connections/${encodeURIComponent(connectionId)}`);
  }
  // The target verifies signatures under its own key only: the cost of signing is not measured.
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/execute-api/aws4_request`;
  const headers = {
    'x-amz-date': time,
    authorization: `AWS4-HMAC-SHA256 Credential=BENCH/${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  };
  const body = 'x'.repeat(400);
  const once_ = async (index: number) => {
    await post(urls[index] ?? '', headers, body);
    counters.count += 1;
  };
  return loops(job.underWay, once_, steady(job));
}

async function chains(job: Extract<Job, { kind: 'chains' }>): Promise<JobResult> {
  let webhooks = 0;
  for (const { name, url } of job.users) {
    const socket = await open(url);
    const send = () => {
      webhooks += 1;
      const body = webhookOf(`${process.pid}-${webhooks}`, name);
      const signature = createHmac('sha256', job.webhookSecret).update(body).digest('hex');
      post(job.webhookUrl, { 'content-type': 'application/json', 'x-nylas-signature': signature }, body).catch(() => {
        counters.failures += 1;
        send();
      });
    };
    socket.on('message', () => {
      counters.count += 1;
      send();
    });
    send();
  }
  return steady(job);
}

function webhookOf(id: string, owner: string): string {
  const object = { id: `m-${id}`, grant_id: owner, object: 'message', subject: 'Bench', snippet: 'x'.repeat(200) };
  const time = Math.floor(Date.now() / 1_000);
  return JSON.stringify({ specversion: '1.0', type: 'message.created', source: '/bench', id, time, data: { object } });
}

// Below the ephemeral ports: finding a free one takes the system a millisecond when many are in use.
const firstHeldPort = 10_000;

async function hold(job: Extract<Job, { kind: 'hold' }>): Promise<JobResult> {
  const startedAt = performance.now();
  let begun = 0;
  const loop = async () => {
    while (begun < job.connections) {
      begun += 1;
      const socket = await open(job.url, { localAddress: job.localAddress, localPort: firstHeldPort + begun });
      counters.count += 1;
      socket.on('close', () => {
        counters.count -= 1;
      });
    }
  };
  await Promise.all(Array.from({ length: job.underWay }, loop));
  return { kind: 'done', ...counters, seconds: (performance.now() - startedAt) / 1_000 };
}

function run(job: Job): Promise<JobResult> {
  switch (job.kind) {
    case 'messages':
      return messages(job);
    case 'connects':
      return connects(job);
    case 'posts':
      return posts(job);
    case 'chains':
      return chains(job);
    case 'hold':
      return hold(job);
  }
}

process.on('disconnect', () => process.exit(0));
process.on('message', (job: Job) => {
  run(job).then(say, (error) => say({ kind: 'failed', reason: String(error) }));
});
