/** The commands of docs/clients.md, verbatim, against the reference stack on this machine. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Client, connect } from '../../local/testing/web-socket-client.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { connectUrl, sign } from '../../scripts/actions/token.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { documentedBlock } from './documented-block.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let local: LocalTarget;
let url: string;
/** The user's working folder: target.json, and the packages. */
let folder: string;

beforeAll(async () => {
  local = await startLocalTarget({ settings: parseSettings({}) });
  url = connectUrl(local.target, await sign('u-1', local.target.tokenSecret, 1));
  folder = mkdtempSync(join(tmpdir(), 'loadline-clients-'));
  writeFileSync(join(folder, 'target.json'), JSON.stringify({ ...local.target, connectUrl: url }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(async () => {
  await local.stop();
  rmSync(folder, { recursive: true });
});

/** Runs as in a terminal: with the Node.js of this project, and without this machine's AWS configuration. */
async function run(command: string, args: readonly string[], environment: Record<string, string> = {}) {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, PATH, ...environment } });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, output, errors };
}

const isInstalled = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

test('AWS SDK for JavaScript: the documented script', async () => {
  // The $connect function writes to the table, and DynamoDB's metrics arrive a moment later.
  const { socket } = await connect(url);
  await vi.waitFor(
    async () => {
      const { output, errors } = await run(process.execPath, [
        '--input-type=module',
        '-e',
        documentedBlock('js', 'sdk'),
      ]);
      expect([output, errors]).toEqual(['true\n', '']);
    },
    { timeout: 60_000, interval: 500 },
  );
  socket.close();
});

describe.skipIf(!isInstalled('curl') || !isInstalled('openssl'))('curl', () => {
  test('the documented commands print what is documented, and the webhook arrives', async () => {
    const { next, socket } = await connect(url);
    const script = `${documentedBlock('sh', 'setup')}\n${documentedBlock('sh', 'curl')}`;
    const { output, errors, code } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script]);
    expect([output, errors, code]).toEqual([documentedBlock('text', 'curl'), '', 0]);
    expect(JSON.parse(await next())).toMatchObject({ type: 'event', eventId: 'n-1' });
    socket.close();
  });

  test('an offer of HTTP/2 is declined, not refused', async () => {
    const args = [
      '-sS',
      '--http2',
      '-w',
      ' %{http_code} %{http_version}',
      `${local.target.webhookUrl}?challenge=hello`,
    ];
    expect((await run('curl', args)).output).toBe('hello 200 1.1');
  });
});

/** Loadline's folder and Artillery's, as the documented block finds them from a folder. */
async function documentedPlaces(cwd: string): Promise<string[]> {
  const { output, errors } = await run('bash', [
    // Else its own start file is read, where it takes its input for a connection.
    '--norc',
    '-euc',
    `cd "$0"; ${documentedBlock('sh', 'where')}\nprintf '%s\\n' "$LOADLINE" "$ARTILLERY"`,
    cwd,
  ]);
  expect(errors).toBe('');
  return output.trimEnd().split('\n');
}

describe('Artillery', () => {
  test('is where it is documented to be, whether it lies within Loadline’s folder or beside it', async () => {
    for (const place of ['node_modules/loadline/node_modules/artillery', 'node_modules/artillery']) {
      const project = mkdtempSync(join(tmpdir(), 'loadline-installed-'));
      for (const each of ['node_modules/loadline', place]) {
        mkdirSync(join(project, each), { recursive: true });
        writeFileSync(join(project, each, 'package.json'), '{}');
      }
      expect(await documentedPlaces(project)).toEqual([join(project, 'node_modules/loadline'), join(project, place)]);
      rmSync(project, { recursive: true });
    }
  });

  let client: Client;
  afterAll(() => client.socket.close());

  test('the documented script of challenges and signed webhooks: 60 are answered 200, and the webhooks arrive', async () => {
    const [loadline = '', artillery = ''] = await documentedPlaces(root);
    expect(loadline).toBe(root.replace(/\/$/, ''));
    const report = join(folder, 'artillery.json');
    const events: string[] = [];
    client = await connect(url);
    client.socket.on('message', (data) => events.push(JSON.parse(String(data)).type));
    const { code, output, errors } = await run(
      process.execPath,
      [join(artillery, 'bin/run'), 'run', '--output', report, join(loadline, 'docs/clients/webhooks.yml')],
      {
        WEBHOOK_URL: local.target.webhookUrl,
        WEBHOOK_SECRET: local.target.webhookSecret,
        ARTILLERY_DISABLE_TELEMETRY: 'true',
      },
    );
    expect([code, code === 0 ? '' : output + errors]).toEqual([0, '']);
    const { counters } = JSON.parse(readFileSync(report, 'utf8')).aggregate;
    expect(counters).toMatchObject({ 'http.codes.200': 60, 'vusers.completed': 60, 'vusers.failed': 0 });
    const webhooks = counters['vusers.created_by_name.webhook'];
    expect(webhooks).toBeGreaterThan(30);
    const deadline = Date.now() + 60_000;
    while (events.length < webhooks && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events.filter((type) => type === 'event')).toHaveLength(webhooks);
  });
});
