import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { runFleet } from '../src/core/fleet/fleet.ts';
import type { ClientRecord } from '../src/records.ts';
import { addUp, balance, balanced, countOf, fleetSpec } from './totals.ts';

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

/** Null without openssl to make a certificate. */
function makeCertificate(): { key: Buffer; cert: Buffer } | null {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-tls-'));
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  try {
    execFileSync('openssl', [...request, ...subject, '-keyout', 'key', '-out', 'cert'], {
      cwd: folder,
      stdio: 'ignore',
    });
    return { key: readFileSync(join(folder, 'key')), cert: readFileSync(join(folder, 'cert')) };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const certificate = makeCertificate();
/** Added in Node 22.19 and 24.5. */
const canTrust = typeof tls.setDefaultCACertificates === 'function';

async function serve({ key, cert }: { key: Buffer; cert: Buffer }): Promise<Server> {
  const server = createServer({ key, cert });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (peer) =>
    peer.on('message', (data: Buffer) => {
      const { id } = JSON.parse(data.toString()) as { id: string };
      peer.send(JSON.stringify({ type: 'pong', id }));
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const peer of sockets.clients) peer.terminate();
    server.close();
  });
  return server;
}

async function load(server: Server) {
  const webSocketUrl = `wss://localhost:${(server.address() as AddressInfo).port}/`;
  const spec = fleetSpec(
    { webSocketUrl, webhookUrl: 'https://unused/' },
    { messageRatePerSecond: 100, connections: 10, steadySeconds: 0.5, timeoutSeconds: 30, drainSeconds: 30 },
  );
  const records: ClientRecord[] = [];
  const options = { onRecord: (record: ClientRecord) => records.push(record), signal: new AbortController().signal };
  const result = await runFleet({ ...spec, webhookUrl: null }, options);
  return { result, totals: addUp(records) };
}

test.skipIf(certificate === null || !canTrust)(
  'everything works over TLS, and the handshake is timed as part of the connect',
  async () => {
    if (certificate === null) return;
    const before = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...before, certificate.cert.toString()]);
    cleanups.push(() => tls.setDefaultCACertificates(before));
    const { result, totals } = await load(await serve(certificate));
    expect(result).toEqual({ kind: 'completed' });
    expect(totals.counters).toMatchObject({ connectsOpened: 10, messagesAnswered: 50, closesRequested: 10 });
    expect(totals.closeCodes).toEqual({ '1000': 10 });
    for (const part of ['connectTcpMicros', 'connectTlsMicros', 'connectUpgradeMicros'] as const)
      expect(countOf(totals.histograms[part]), part).toBe(10);
    expect(balance(totals)).toEqual(balanced);
  },
);

test.skipIf(certificate === null)('an untrusted certificate is reported as a failure with its code', async () => {
  if (certificate === null) return;
  const { result, totals } = await load(await serve(certificate));
  expect(result).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('10 of 10 failed') });
  expect(Object.keys(totals.failures)).toEqual([
    expect.stringMatching(/^connect (DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED)/),
  ]);
});
