/** Artillery itself, suspended: a run waits for it no longer than its limit, and nothing of it is left. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startArtillery } from '../run/load/artillery.ts';
import { superviseLoad } from '../run/load/load.ts';
import type { RunningTarget } from '../run/target/running-target.ts';
import { descendantsOf, expectAllGone } from './command.fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-suspended-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [
    'its limit is over',
    (): AbortSignal => new AbortController().signal,
    'Artillery did not end within 1 s and was stopped.',
  ],
  ['it is interrupted', (): AbortSignal => AbortSignal.timeout(500), null],
])('suspended Artillery, until %s', async (_until, signalOf, reason) => {
  const log = join(folder, 'artillery.log');
  const scenario = join(folder, 'scenario.yml');
  writeFileSync(scenario, 'config: { target: "http://127.0.0.1:9" }\nscenarios: [{ flow: [{ think: 600 }] }]\n');
  const before = new Set(descendantsOf(process.pid).keys());
  const artillery = startArtillery({
    ...{ scenario, webSocketUrl: 'ws://127.0.0.1:9', variables: {}, output: join(folder, 'out.json'), log },
    environment: {},
  });
  const processes = [...descendantsOf(process.pid).keys()].filter((id) => !before.has(id));
  expect(processes).toHaveLength(1);
  for (const id of processes) process.kill(id, 'SIGSTOP');
  const target: RunningTarget = {
    description: { kind: 'endpoint' } as RunningTarget['description'],
    webSocketIdleSeconds: Number.POSITIVE_INFINITY,
    ended: new Promise(() => {}),
    stop: async () => [],
  };
  const signal = signalOf();
  const outcome = await superviseLoad({ artillery, target, signal, limitSeconds: 1, graceMs: 300, log });
  if (reason === null) expect(outcome.kind).toBe('interrupted');
  else expect(outcome).toEqual({ kind: 'crashed', part: 'artillery', reason });
  await expectAllGone(processes);
});
