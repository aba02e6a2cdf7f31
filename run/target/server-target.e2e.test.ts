/** The reference stack as a service of tasks, on this machine: its tasks are processes, and one of them may die. */
import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect, handshakeStatus } from '../../local/testing/web-socket-client.ts';
import { targetSchema } from '../../record/target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { type LocalTarget, startLocalTarget } from './local-target.ts';

let local: LocalTarget;
beforeAll(async () => {
  const server = { closeOverSeconds: 1, deregistrationDelaySeconds: 0, deliverTimeoutSeconds: 2 };
  local = await startLocalTarget({ settings: parseSettings({ compute: 'server', server }) });
});
afterAll(() => local.stop());

async function open(user: string) {
  const key = new TextEncoder().encode(local.target.tokenSecret);
  const claims = { sub: user, aud: 'loadline', channels: { subscribe: ['*'], publish: ['*'] } };
  const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().setExpirationTime('1h');
  const client = await connect(`${local.target.webSocketUrl}?token=${await jwt.sign(key)}`);
  const say = async (message: object) => {
    client.socket.send(JSON.stringify(message));
    return JSON.parse(await client.next());
  };
  return { ...client, say };
}

function post(id: string, owner: string) {
  const object = { id: 'm-1', grant_id: owner, object: 'message' };
  const body = JSON.stringify({ specversion: '1.0', type: 'message.created', source: '/x', id, data: { object } });
  const signature = createHmac('sha256', local.target.webhookSecret).update(body).digest('hex');
  return fetch(local.target.webhookUrl, { method: 'POST', headers: { 'x-nylas-signature': signature }, body });
}

async function setFault(fault: object): Promise<void> {
  const url = `${local.target.endpoints?.cloudwatch}/_loadline/faults`;
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(fault) });
  expect(answer.status).toBe(200);
}

test('is described as the contract says, without functions and APIs', () => {
  expect(targetSchema.parse(local.target)).toEqual(local.target);
  expect(local.target.resources.functionNames).toEqual({});
  expect(local.target.graph.apis).toEqual([]);
  expect(local.target.model?.cache).toMatch(/^(installed|embedded)$/);
});

test('lets a client in with a token only, and answers as the functions do', async () => {
  expect((await handshakeStatus(local.target.webSocketUrl)).status).toBe(401);
  expect((await handshakeStatus(`${local.target.webSocketUrl}?token=forged`)).status).toBe(401);
  const ann = await open('ann');
  expect(await ann.say({ action: 'ping', id: 'a1' })).toEqual({ type: 'pong', id: 'a1' });
  expect(await ann.say({ action: 'no', id: 'a2' })).toMatchObject({ type: 'error', code: 'unknownAction' });
  const challenge = await fetch(`${local.target.webhookUrl}?challenge=abc%20123`);
  expect([challenge.headers.get('content-length'), await challenge.text()]).toEqual(['7', 'abc 123']);
  expect((await fetch(local.target.webhookUrl, { method: 'POST', body: '{}' })).status).toBe(401);
  ann.socket.close();
  await ann.closed;
});

test('publishes and events cross tasks', async () => {
  // In turn: every other one is another task's.
  const tabs = [await open('bob'), await open('bob'), await open('bob')];
  for (const { say } of tabs)
    expect(await say({ action: 'subscribe', id: 's', channel: 'news' })).toMatchObject({ type: 'subscribed' });
  tabs[0]?.socket.send('{"action":"publish","id":"p","channel":"news","body":1}');
  const [first, second] = [JSON.parse((await tabs[0]?.next()) ?? ''), JSON.parse((await tabs[0]?.next()) ?? '')];
  expect([first, second].find(({ type }) => type === 'published')).toMatchObject({ recipients: 3, failed: 0 });
  for (const { next } of tabs.slice(1)) expect(JSON.parse(await next())).toMatchObject({ type: 'message', body: 1 });
  for (const id of ['e1', 'e1', 'e2']) expect((await post(id, 'bob')).status).toBe(200);
  for (const { next } of tabs) {
    const events = [JSON.parse(await next()), JSON.parse(await next())];
    expect(events.map(({ eventId }) => eventId).toSorted()).toEqual(['e1', 'e2']);
  }
  for (const { socket, closed } of tabs) {
    socket.close();
    await closed;
  }
});

test('a task that is killed loses nothing that was accepted, and is replaced', async () => {
  const tabs = [await open('cat'), await open('cat')];
  await setFault({ kind: 'taskStop', name: 'kill' });
  const lost = await Promise.race(tabs.map((tab) => tab.closed.then(() => tab)));
  const left = tabs.find((tab) => tab !== lost);
  // Taken by the one that is left, at first beside a 502 in place of the killed one, which a provider tries again.
  for (const id of ['k1', 'k2', 'k3'])
    await vi.waitFor(async () => expect((await post(id, 'cat')).status).toBe(200), 20_000);
  const received = new Set<string>();
  while (received.size < 3) received.add(JSON.parse((await left?.next()) ?? '').eventId);
  expect([...received].toSorted()).toEqual(['k1', 'k2', 'k3']);
  expect(await local.silentParts(10_000)).toEqual([]);
  left?.socket.close();
});

test('every task that a fault stops closes its connections, and is replaced', async () => {
  // In turn: each is another task's.
  const tabs = [await open('eve'), await open('eve')];
  await setFault({ kind: 'taskStop', name: 'stop', way: 'stop', tasks: 2 });
  expect(await Promise.all(tabs.map(async ({ closed }) => (await closed).code))).toEqual([1_012, 1_012]);
  await vi.waitFor(async () => {
    const back = await open('eve');
    expect(await back.say({ action: 'ping', id: 'a1' })).toMatchObject({ type: 'pong' });
    back.socket.close();
  }, 20_000);
});

test('a deployment closes every connection with 1012, and refuses nobody', async () => {
  const dan = await open('dan');
  await setFault({ kind: 'taskStop', name: 'deploy', way: 'deploy' });
  const { code } = await dan.closed;
  expect(code).toBe(1_012);
  await vi.waitFor(async () => {
    const back = await open('dan');
    expect(await back.say({ action: 'ping', id: 'a1' })).toMatchObject({ type: 'pong' });
    back.socket.close();
  }, 20_000);
});
