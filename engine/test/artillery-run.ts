import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientRecord } from '../src/records.ts';
import { tokenSecret, webhookSecret } from './fake-stack.ts';

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

/** The counters and bucket counts of all lines of client.ndjson added up, by the names that they have in Artillery. */
export function countersOf(path: string): Record<string, number> {
  const total: Record<string, number> = {};
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const { counters, histograms } = JSON.parse(line) as ClientRecord;
    for (const [name, n] of Object.entries(counters)) total[`loadline.${name}`] = (total[`loadline.${name}`] ?? 0) + n;
    for (const [name, counts] of Object.entries(histograms)) {
      for (const [index, n] of Object.entries(counts)) {
        const key = `loadline.${name}.b.${index}`;
        total[key] = (total[key] ?? 0) + n;
      }
    }
  }
  return total;
}
