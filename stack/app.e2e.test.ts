/** `node stack/app.ts`, as `cdk synth` runs it. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const run = promisify(execFile);
const app = fileURLToPath(new URL('./app.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'loadline-app-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const withoutCredentials = { PATH: process.env.PATH };

it('writes a cloud assembly with the settings of a file', async () => {
  const settings = join(folder, 'settings.yml');
  writeFileSync(settings, 'stackName: FromFile\ningest: direct\n');
  const { stderr } = await run(process.execPath, [app, settings, join(folder, 'out')], { env: withoutCredentials });
  expect(readdirSync(join(folder, 'out'))).toContain('FromFile.template.json');
  expect(stderr).toContain('there are no credentials in the environment');
});

it('asks Lambda for the account’s concurrency, where the settings do not state it', async () => {
  const lambda = createServer((request, response) => {
    expect(request.url).toBe('/2016-08-19/account-settings');
    response.end(
      JSON.stringify({ AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 900 } }),
    );
  });
  await once(lambda.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`;
  const env = {
    ...withoutCredentials,
    ...{ AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'thing', AWS_ENDPOINT_URL_LAMBDA: endpoint },
  };
  const settings = join(folder, 'asking.yml');
  writeFileSync(settings, 'stackName: Asking\n');
  const { stderr } = await run(process.execPath, [app, settings, join(folder, 'asked')], { env });
  lambda.close();
  expect(stderr).toContain(
    "Of the account's 1000 concurrent executions, webhooks get 360 reserved and the queue 200 at most",
  );
  const template = readFileSync(join(folder, 'asked', 'Asking.template.json'), 'utf8');
  expect(template).toContain('"ReservedConcurrentExecutions": 360');
  expect(template).toContain('"MaximumConcurrency": 200');
});

it('reports an invalid setting and its location', async () => {
  const settings = join(folder, 'bad.yml');
  writeFileSync(settings, 'queue:\n  batchSize: many\n');
  const failed = await run(process.execPath, [app, settings, join(folder, 'bad')]).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('queue.batchSize') });
  expect(existsSync(join(folder, 'bad'))).toBe(false);
});
