import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listen } from '../process/listen.ts';
import { handshakeStatus } from '../testing/web-socket-client.ts';
import { Balancer } from './balancer.ts';

let target: Server;
let balancer: Balancer;
let refusal = '401 Unauthorized';
beforeEach(async () => {
  target = createServer();
  target.on('upgrade', (_, socket) =>
    socket.end(`HTTP/1.1 ${refusal}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`),
  );
  const targetGroup = { arn: 'arn', healthPath: '/', deregistrationDelayMs: 0 };
  balancer = new Balancer({
    ...{ logicalId: 'B', fullName: 'app/b/1', dnsName: 'b.example', idleTimeoutMs: 60_000, targetGroup },
  });
  balancer.register({ port: await listen(target, 0, 'gateway'), sockets: new Set() });
  await balancer.listen(0);
});
afterEach(async () => {
  balancer.close();
  target.close();
  await once(target, 'close');
});

it.each([
  ['401 Unauthorized', 'HTTPCode_Target_4XX_Count'],
  ['503 Service Unavailable', 'HTTPCode_Target_5XX_Count'],
])('counts an upgrade that a target refused with %s as %s', async (status, name) => {
  refusal = status;
  expect((await handshakeStatus(`ws://${balancer.address}/ws`)).status).toBe(Number(status.slice(0, 3)));
  const counts = new Map<string, readonly number[]>();
  await vi.waitFor(() => {
    for (const batch of balancer.metrics.drain(0, 1)) counts.set(batch.name, batch.values);
    expect([...counts.keys()].filter((each) => each.startsWith('HTTPCode_'))).toEqual([name]);
  });
});
