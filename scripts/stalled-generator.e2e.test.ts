// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** The load generator's own process is stopped while it connects: what it measured then is not held against the target. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Report } from '../reports/report.ts';
import { descendantsOf, startCommand } from './command.fixture.ts';

let folder: string;
let temporary: string;
const server = createServer();
const sockets = new WebSocketServer({ server });
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-stalled-'));
  temporary = mkdtempSync(join(tmpdir(), 'loadline-temporary-'));
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  for (const socket of sockets.clients) socket.terminate();
  server.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(temporary, { recursive: true, force: true });
});

/** The usual plan, but patient with a busy machine in all but connects. */
function writePlan(): string {
  const usual = readFileSync(fileURLToPath(new URL('../scenarios/plan.yml', import.meta.url)), 'utf8');
  const patient = usual
    .replace(/roundTripP99Ms: \d+/, 'roundTripP99Ms: 60000')
    .replace(/errorShare: .*/, 'errorShare: 0.5');
  const path = join(folder, 'plan.yml');
  writeFileSync(path, patient);
  return path;
}

/** The process that generates the load: Artillery’s. */
function generatorOf(commandId: number): number {
  const [found] = [...descendantsOf(commandId)].filter(
    ([, line]) => line.includes('artillery') && line.includes('run'),
  );
  if (found === undefined) throw new Error('Artillery is not running.');
  return found[0];
}

test('stopped for 3 s in mid-ramp: connects are not judged, the run is invalid for that, and the SLO is not broken', async () => {
  const { port } = server.address() as AddressInfo;
  const command = startCommand(
    [
      ...['run', 'messaging', '--url', `ws://127.0.0.1:${port}/`, '--plan', writePlan(), '--json', '--quiet'],
      ...['--message', '{"call":"${id}"}', '--answer', '$.call', '--timeout', '60', '--drain', '60'],
      // 8 s of connects.
      ...['--connections', '160', '--connect-rate', '20', '--steady', '5', '--message-rate', '10'],
    ],
    { folder, temporary },
  );
  while (sockets.clients.size < 40) {
    if (command.child.exitCode !== null) throw new Error((await command.ended).stderr);
    await sleep(20);
  }
  const generator = generatorOf(command.child.pid ?? 0);
  process.kill(generator, 'SIGSTOP');
  await sleep(3_000);
  process.kill(generator, 'SIGCONT');
  const { code, stdout, stderr } = await command.ended;
  expect(stderr).toBe('');
  const report: Report = JSON.parse(readFileSync(join(JSON.parse(stdout).folder, 'report.json'), 'utf8'));
  expect(report.slo.find(({ id }) => id === 'connectP99Ms')).toMatchObject({
    ...{ measured: null, kept: null },
    notJudged: { kind: 'generator', phase: 'ramp' },
  });
  expect(report.generator?.phases.ramp?.longestStallMs).toBeGreaterThan(2_900);
  expect(report.verdict.status).toBe('invalid');
  expect(report.verdict.reasons.map(({ code: reason }) => reason)).toContain('notJudged.connectP99Ms');
  expect(code).toBe(3);
});
