/** The reference stack deployed by CloudFormation on somebody else's implementation of AWS, and loaded there: from the webhook to the push. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Report } from '../../reports/report.ts';
import { startCommand } from '../../scripts/command.fixture.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { synthesizeApart } from '../../stack/synthesis/synthesize-apart.ts';
import { installMs, whyNoPython } from '../python-packages.fixture.ts';
import { deploy, region, templateForMinistack } from './deploy.fixture.ts';
import { type PythonServer, startPythonServer } from './python-server.fixture.ts';

const why = whyNoPython();
const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: region };

describe.skipIf(why !== null)(why ?? 'on ministack, the reference stack', () => {
  let server: PythonServer;
  let folder: string;
  beforeAll(async () => {
    for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
    folder = mkdtempSync(join(tmpdir(), 'loadline-emulated-'));
    server = await startPythonServer({
      requirement: 'ministack==1.5.33',
      program: 'ministack.app',
      args: () => [],
      // It runs functions by the Node.js of its path.
      environment: (port) => ({
        GATEWAY_PORT: String(port),
        PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      }),
    });
  }, installMs);
  afterAll(async () => {
    await server?.stop();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  test('takes webhooks and pushes them, where its setting says where the APIs are', async () => {
    const emulatorApiUrl = `${server.url}/_aws/execute-api/{apiId}/{stage}`;
    const assembly = await synthesizeApart(parseSettings({ emulatorApiUrl }));
    await deploy(server.url, 'Loadline', await templateForMinistack(assembly, server.url));
    const quiet = ['--offline-share', '0', '--replay-share', '0', '--variable', 'duplicateShare=0'];
    const { code, stdout, stderr } = await startCommand(
      [
        ...[
          'run',
          'webhook-burst',
          '--target',
          'aws',
          '--json',
          '--quiet',
          '--connections',
          '4',
          '--connect-rate',
          '4',
        ],
        ...['--steady', '6', '--webhook-rate', '2', '--burst-rate', '0', '--drain', '60', '--timeout', '60', ...quiet],
      ],
      { folder, temporary: folder, environment: { ...credentials, AWS_ENDPOINT_URL: server.url } },
    ).ended;
    expect([stderr, [0, 1, 3]]).toEqual([expect.any(String), expect.arrayContaining([code])]);
    const report: Report = JSON.parse(readFileSync(join(JSON.parse(stdout).folder, 'report.json'), 'utf8'));
    const events = report.ledger?.events;
    expect(events?.accepted).toBeGreaterThan(3);
    expect(events?.delivered).toBe(events?.accepted);
  });
});
