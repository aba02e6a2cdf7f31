/** Each shape of the gallery under a load of its own, as a user runs it (`--stack`), and what the report says of it by its own names. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { localCredentials, serveStack } from '../../local/start.ts';
import type { Report } from '../../reports/report.ts';
import { startCommand } from '../../scripts/command.fixture.ts';
import { installMs, pythonWith, runtimePackages, whyNoPython } from '../python-packages.fixture.ts';
import { type LoadedShape, loadedShapes } from './loaded-shapes.fixture.ts';

const why = whyNoPython();
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-loaded-'));
  if (why !== null) return;
  const python = await pythonWith(runtimePackages);
  vi.stubEnv('LOADLINE_PYTHON', python);
  vi.stubEnv('LOADLINE_RUNTIME_PYTHON', `${python} -m awslambdaric`);
}, installMs);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const load = ['--connections', '4', '--connect-rate', '20', '--steady', '10', '--message-rate', '4'];
/** The machine serves several stacks at once: what is slow here is not late. */
const patient = ['--drain', '60', '--timeout', '60'];
/** Of each kind of resource, the figures that count its work: a table's is the larger of the two. */
const counters: Readonly<Record<string, readonly string[]>> = {
  webSocketApis: ['messages'],
  httpApis: ['requests'],
  functions: ['invocations'],
  queues: ['sent'],
  tables: ['readUnits', 'writeUnits'],
};
/** Of a run that completed: whether it was fast enough is not judged here. */
const judged = [0, 1, 3];

async function reportOf({ name, choice, options, message, answer, query = '' }: LoadedShape) {
  const own = join(folder, name);
  mkdirSync(own);
  const at = new URL(name, import.meta.url).pathname;
  const stack = await serveStack({
    ...{ choice: (await choice?.(own)) ?? { kind: 'template', path: at }, region: 'us-east-1', ...options },
  });
  try {
    const { url = '' } = stack.apis.find(({ kind }) => kind === 'webSocket') ?? {};
    const { accessKeyId, secretAccessKey } = localCredentials;
    const { code, stdout, stderr } = await startCommand(
      [
        ...['run', 'messaging', '--stack', stack.stackName, '--url', `${url}${query}`, '--json', '--quiet'],
        ...['--message', message, '--answer', answer, ...load, ...patient],
      ],
      {
        ...{ folder, temporary: folder },
        environment: {
          ...{ AWS_ENDPOINT_URL: stack.endpointUrl, AWS_REGION: 'us-east-1' },
          ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
        },
      },
    ).ended;
    if (!judged.includes(code ?? -1)) throw new Error(`${code}: ${stdout}${stderr}`);
    const report: Report = JSON.parse(readFileSync(join(JSON.parse(stdout).folder, 'report.json'), 'utf8'));
    return { report, stack };
  } finally {
    await stack.stop();
  }
}

describe.concurrent('a shape of the gallery', () => {
  for (const shape of loadedShapes) {
    const reason = shape.python === undefined ? null : why;
    test.skipIf(reason !== null)(
      reason ?? `${shape.name}: all messages come back, and show where they went`,
      async ({ expect }) => {
        const { report } = await reportOf(shape);
        expect(report.verdict.sentence).toContain('4 connections');
        const messages = report.ledger?.messages;
        const intended = messages?.intended ?? 0;
        expect(intended).toBeGreaterThan(5);
        expect(messages?.outcomes.answered).toBe(intended);
        // A strongly consistent read of a small row costs one unit, any other half of one.
        const least: Readonly<Record<string, number>> = { tables: intended / 2 };
        const busyOf = (kind: string, rows: readonly object[] = []) =>
          rows.flatMap((row) => {
            const { id, ...figures } = { id: '', ...row };
            const counted = Object.entries(figures).filter(([name]) => counters[kind]?.includes(name));
            const most = Math.max(...counted.map(([, count]) => Number(count)).filter(Number.isFinite));
            return most >= (least[kind] ?? intended) ? [id.replace(/[0-9A-F]{8}$/, '').split(':')[0]] : [];
          });
        for (const [kind, ids] of Object.entries(shape.busy)) {
          const rows = Object.entries(report.resources ?? {}).find(([name]) => name === kind)?.[1];
          expect([kind, busyOf(kind, rows)]).toEqual([kind, expect.arrayContaining([...ids])]);
        }
      },
    );
  }
});
