import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tokenSecret, webhookSecret } from './fake-target.ts';

const runner = fileURLToPath(new URL('../../node_modules/artillery/bin/run', import.meta.url));

/** Artillery as a child process; waits for its end. `remove` deletes what it wrote. Secrets: by default the fake target's. */
export async function artilleryRun(
  script: string,
  args: string[],
  secrets: { token: string; webhook: string } = { token: tokenSecret, webhook: webhookSecret },
) {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-engine-'));
  const records = join(folder, 'client.ndjson');
  const output = join(folder, 'artillery.json');
  const child = spawn(process.execPath, [runner, 'run', '--quiet', ...args, '--output', output, script], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ARTILLERY_DISABLE_TELEMETRY: '1',
      LOADLINE_TOKEN_SECRET: secrets.token,
      LOADLINE_WEBHOOK_SECRET: secrets.webhook,
      LOADLINE_CLIENT_RECORDS: records,
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, text, records, output, remove: () => rmSync(folder, { recursive: true }) };
}
