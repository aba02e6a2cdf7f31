/** `node stack/app.ts`, as `cdk synth` runs it. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const run = promisify(execFile);
const app = fileURLToPath(new URL('./app.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'loadline-app-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('writes a cloud assembly with the settings of a file', async () => {
  const settings = join(folder, 'settings.yml');
  writeFileSync(settings, 'stackName: FromFile\ningest: direct\n');
  await run(process.execPath, [app, settings, join(folder, 'out')]);
  expect(readdirSync(join(folder, 'out'))).toContain('FromFile.template.json');
});

it('reports an invalid setting and its location', async () => {
  const settings = join(folder, 'bad.yml');
  writeFileSync(settings, 'queue:\n  batchSize: many\n');
  const failed = await run(process.execPath, [app, settings, join(folder, 'bad')]).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('queue.batchSize') });
  expect(existsSync(join(folder, 'bad'))).toBe(false);
});
