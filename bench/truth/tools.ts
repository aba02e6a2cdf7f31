/** Other people's load generators, each in its usual form, at a constant rate of posts. Tools that are not installed are skipped. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateArtillery } from '../../run/load/artillery.ts';
import type { Reported } from './latencies.ts';

interface HttpLoad {
  url: string;
  ratePerSecond: number;
  seconds: number;
}

export interface Tool {
  name: string;
  isThere(): boolean;
  run(load: HttpLoad, folder: string): Promise<Reported>;
}

/** `withNpx`: including those that npx would fetch into its own folder. */
export function otherTools(withNpx: boolean): Tool[] {
  return [artillery, k6, ...(withNpx ? [loadtest, autocannon] : [])].filter((tool) => tool.isThere());
}

export async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-truth-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const artillery: Tool = {
  name: 'Artillery, http engine',
  isThere: () => true,
  run: async ({ url, ratePerSecond, seconds }, folder) => {
    const script = {
      config: { target: url, processor: './number.cjs', phases: [{ duration: seconds, arrivalRate: ratePerSecond }] },
      scenarios: [{ flow: [{ function: 'number' }, { post: { url: '/', json: { id: '{{ id }}' } } }] }],
    };
    writeFileSync(join(folder, 'script.yml'), JSON.stringify(script));
    // Numbered by arrival, provided that one worker makes all of them: the server then knows which was due when.
    const count =
      'let n = 0; exports.number = (context, _events, done) => { context.vars.id = (n++).toString(36); done(); };';
    writeFileSync(join(folder, 'number.cjs'), count);
    const runner = join(locateArtillery().root, 'bin', 'run');
    const args = [runner, 'run', '--quiet', '--output', 'out.json', 'script.yml'];
    await output(process.execPath, args, folder);
    const { aggregate } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as {
      aggregate: { summaries: Record<string, { mean: number; p90: number; p99: number }> };
    };
    const summary = aggregate.summaries['http.response_time'];
    return { meanMs: summary?.mean ?? null, p90Ms: summary?.p90 ?? null, p99Ms: summary?.p99 ?? null };
  },
};

const k6: Tool = {
  name: 'k6, constant-arrival-rate',
  isThere: () => isInstalled('k6'),
  run: async ({ url, ratePerSecond, seconds }, folder) => {
    const scenario = `{ executor: 'constant-arrival-rate', rate: ${ratePerSecond}, timeUnit: '1s', duration: '${seconds}s', preAllocatedVUs: 100, maxVUs: 1000 }`;
    writeFileSync(
      join(folder, 'script.js'),
      `import http from 'k6/http';
       import exec from 'k6/execution';
       export const options = { scenarios: { load: ${scenario} }, summaryTrendStats: ['avg', 'p(90)', 'p(99)'] };
       export default () => http.post('${url}', '{"id":"' + exec.scenario.iterationInTest.toString(36) + '"}');`,
    );
    await output('k6', ['run', '--quiet', '--summary-export', 'out.json', 'script.js'], folder);
    const { metrics } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as {
      metrics: { http_req_duration: Record<string, number> };
    };
    const { http_req_duration: duration } = metrics;
    return { meanMs: duration.avg ?? null, p90Ms: duration['p(90)'] ?? null, p99Ms: duration['p(99)'] ?? null };
  },
};

const loadtest: Tool = {
  name: 'loadtest --rps',
  isThere: () => isInstalled('npx'),
  run: async ({ url, ratePerSecond, seconds }, folder) => {
    const load = [
      '--rps',
      String(ratePerSecond),
      '-t',
      String(seconds),
      '-c',
      '50',
      '-m',
      'POST',
      '-P',
      '{"a":1}',
      '-k',
    ];
    const text = await output('npx', ['--yes', '--prefix', folder, 'loadtest', ...load, url], folder);
    const of = (pattern: RegExp) => {
      const value = pattern.exec(text)?.[1];
      return value === undefined ? null : Number(value);
    };
    return {
      meanMs: of(/Mean latency:\s+([\d.]+) ms/),
      p90Ms: of(/90%\s+([\d.]+) ms/),
      p99Ms: of(/99%\s+([\d.]+) ms/),
    };
  },
};

const autocannon: Tool = {
  name: 'autocannon -R',
  isThere: () => isInstalled('npx'),
  run: async ({ url, ratePerSecond, seconds }, folder) => {
    const load = ['-R', String(ratePerSecond), '-d', String(seconds), '-c', '50', '-m', 'POST', '-b', '{"a":1}', '-j'];
    const text = await output('npx', ['--yes', '--prefix', folder, 'autocannon', ...load, url], folder);
    const { latency } = JSON.parse(text.slice(text.indexOf('{'))) as { latency: Record<string, number> };
    return { meanMs: latency.mean ?? latency.average ?? null, p90Ms: latency.p90 ?? null, p99Ms: latency.p99 ?? null };
  },
};

function isInstalled(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What a command writes to stdout. Its exit code is ignored: some tools exit with 1 after errors. */
function output(command: string, args: string[], folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ARTILLERY_DISABLE_TELEMETRY: '1' };
    const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    child.once('error', reject);
    child.once('close', () => resolve(text));
  });
}
