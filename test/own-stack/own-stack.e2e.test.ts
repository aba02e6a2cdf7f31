/** A stack that Loadline has never seen, its own protocol in loadline.yml: measured as ours is. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localCredentials, serveStack } from '../../local/start.ts';
import type { RunRecord } from '../../record/run.ts';
import type { Report } from '../../reports/report.ts';
import { startCommand } from '../../scripts/command.fixture.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const secret = 'shared-with-the-code-host';
let folder: string;
let temporary: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-own-stack-'));
  temporary = mkdtempSync(join(tmpdir(), 'loadline-temporary-'));
  for (const name of ['template.yaml', 'loadline.yml', 'src'])
    cpSync(join(here, name), join(folder, name), { recursive: true });
  // Handlers find the SDK as those of a project do.
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(temporary, { recursive: true, force: true });
});

const loadline = (args: string[], environment: Record<string, string> = {}) =>
  startCommand(args, { folder, temporary, environment: { GITHUB_SECRET: secret, ...environment } }).ended;

function resultOf(stdout: string): { report: Report; run: RunRecord; text: string } {
  const { folder: runFolder } = JSON.parse(stdout) as { folder: string };
  const read = (name: string) => readFileSync(join(runFolder, name), 'utf8');
  return { report: JSON.parse(read('report.json')), run: JSON.parse(read('run.json')), text: read('report.md') };
}

test('pushes that a fault drops are missed, one by one, and the run is not OK', async () => {
  const faults =
    'seed: 3\nfaults:\n  - { name: drop, kind: error, service: connectionsApi, operation: PostToConnection, share: 0.3 }\n';
  writeFileSync(join(folder, 'faults.yml'), faults);
  const { code, stdout, stderr } = await loadline(['run', '--json', '--faults', 'faults.yml', '--tabs-per-user', '1']);
  expect(stderr).toContain('Options are those of loadline.yml.');
  const { report, run, text } = resultOf(stdout);
  const { events, pushes, messages } = report.ledger ?? {};
  const fired = run.target.model?.faults.find(({ name }) => name === 'drop')?.fired ?? 0;
  expect(fired).toBeGreaterThan(0);
  // One connection for each user: each push that failed is an event that was missed, and the others arrived.
  expect(events).toMatchObject({ accepted: 40, missed: fired, lost: null, confirmed: false });
  expect(events?.outcomes).toMatchObject({ ownerOffline: 4, deliveredToAll: 36 - fired, inQueue: 0, unknown: 0 });
  expect(events?.ids.missed).toHaveLength(Math.min(10, fired));
  expect(pushes).toMatchObject({ expected: 36, delivered: 36 - fired, missing: fired, duplicate: 0, unexpected: 0 });
  expect(messages?.outcomes).toMatchObject({ answered: 20 });
  expect(report.verdict.status).toBe('sloBroken');
  expect(code).toBe(1);
  expect(report.latency.find(({ id }) => id === 'delivery')?.run).toMatchObject({ samples: 36 - fired });
  expect(report.resources?.functions.map(({ id }) => id).toSorted()).toEqual([
    'Echo',
    'Join',
    'Leave',
    'Notify',
    'Receive',
  ]);
  expect(report.title).toContain('on this machine');
  expect(`${stdout}${stderr}${text}${JSON.stringify(run)}`).not.toContain(secret);
});

test('a served stack is found by its name, and its metrics are there in seconds', async () => {
  const choice = { kind: 'template', path: join(folder, 'template.yaml') } as const;
  const given = { parameters: { WebhookSecret: secret } };
  const stack = await serveStack({ choice, given, region: 'us-east-1', stackName: 'notes' });
  try {
    const { accessKeyId, secretAccessKey } = localCredentials;
    const environment = {
      ...{ AWS_ENDPOINT_URL: stack.endpointUrl, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    };
    const { stdout, stderr } = await loadline(['run', '--stack', 'notes', '--json', '--steady', '2'], environment);
    const { report, run } = resultOf(stdout);
    expect(stderr).not.toContain('had not settled');
    // AWS's own metrics are waited for by the minute.
    expect(run.target).toMatchObject({ kind: 'local', graph: { stackName: 'notes' } });
    expect(report.ledger?.events).toMatchObject({ accepted: 20, missed: 0 });
    expect(report.ledger?.events.outcomes).toMatchObject({ ownerOffline: 2, deliveredToAll: 18 });
    expect(report.ledger?.events.inFlight).toBe(0);
  } finally {
    await stack.stop();
  }
});

test('a token command that fails ends the run with its exit code and what it said last', async () => {
  const command = 'echo "no account for $user" >&2; exit 3';
  const config = readFileSync(join(folder, 'loadline.yml'), 'utf8').replace(
    / {2}command: .*/,
    `  command: '${command}'`,
  );
  writeFileSync(join(folder, 'failing.yml'), config);
  const { code, stdout } = await loadline(['run', '--config', 'failing.yml', '--json']);
  const { report } = resultOf(stdout);
  expect(report.verdict.reasons.map(({ sentence }) => sentence).join(' ')).toMatch(
    /The token command for user u-\S+ exited with code 3: no account for u-/,
  );
  expect(code).toBe(4);
});
