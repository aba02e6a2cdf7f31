/** Synthesis as it is really done: esbuild in a child process, aws-cdk-lib, files. */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSettings } from './settings.ts';
import { type CloudAssembly, synthesizeCached } from './synthesize.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'loadline-synthesize-test-'));
const cacheDir = join(folder, 'cache');
let assembly: CloudAssembly;

beforeAll(async () => {
  // Two at once, as two benches on one machine would.
  const both = await Promise.all([
    synthesizeCached(parseSettings(), cacheDir),
    synthesizeCached(parseSettings(), cacheDir),
  ]);
  expect(both[0]).toEqual(both[1]);
  assembly = both[0];
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Folder of the code of the function whose logical id begins so. */
function codeFolder(name: string): string {
  const { Resources } = JSON.parse(readFileSync(assembly.templatePath, 'utf8'));
  const [, resource] =
    Object.entries<{ Metadata?: Record<string, string> }>(Resources).find(([id]) => id.startsWith(`${name}Function`)) ??
    [];
  return join(assembly.assemblyDir, resource?.Metadata?.['aws:asset:path'] ?? 'absent');
}

describe('synthesizeCached', () => {
  it('leaves one assembly and nothing half done', () => {
    expect(readdirSync(cacheDir)).toHaveLength(1);
    expect(existsSync(assembly.templatePath)).toBe(true);
  });

  it.each(['Authorize', 'Connect', 'Disconnect', 'Message', 'Ingest', 'Deliver'])(
    'holds the bundle of %s, in one file that needs nothing else',
    (name) => {
      expect(readdirSync(codeFolder(name))).toEqual(['index.mjs']);
      const source = readFileSync(join(codeFolder(name), 'index.mjs'), 'utf8');
      const imported = [...source.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, from]) => from ?? '');
      expect(imported.filter((from) => !/^(node:)?[a-z0-9_/]+$/.test(from))).toEqual([]);
    },
  );

  it('bundles a handler that works', async () => {
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      TABLE_NAME: 'table',
      CONNECTION_TTL_SECONDS: '10800',
      CALLBACK_URL: 'https://example.invalid/prod',
    });
    const { handler } = await import(pathToFileURL(join(codeFolder('Message'), 'index.mjs')).href);
    expect(await handler({ requestContext: { connectionId: 'c=' }, body: '{"action":"ping","id":"a1"}' })).toEqual({
      statusCode: 200,
      body: '{"type":"pong","id":"a1"}',
    });
  });

  it('finds it again without loading aws-cdk-lib, and makes another for other settings', async () => {
    const program = `
      import { createRequire } from 'node:module';
      import { parseSettings } from ${JSON.stringify(new URL('./settings.ts', import.meta.url).href)};
      import { synthesizeCached } from ${JSON.stringify(new URL('./synthesize.ts', import.meta.url).href)};
      const found = await synthesizeCached(parseSettings(), ${JSON.stringify(cacheDir)});
      const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('aws-cdk-lib'));
      console.log(JSON.stringify({ found, loaded }));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
    expect(JSON.parse(stdout)).toEqual({ found: assembly, loaded: [] });
    const other = await synthesizeCached(parseSettings({ stageName: 'other' }), cacheDir);
    expect(other.assemblyDir).not.toBe(assembly.assemblyDir);
  });
});

it('removes what nobody has used for a week, and nothing else', async () => {
  const own = join(folder, 'another-cache');
  const old = join(own, 'old');
  const recent = join(own, 'recent');
  for (const made of [old, recent]) mkdirSync(made, { recursive: true });
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  utimesSync(old, daysAgo(8), daysAgo(8));
  utimesSync(recent, daysAgo(6), daysAgo(6));
  const made = await synthesizeCached(parseSettings(), own);
  expect(readdirSync(own).toSorted()).toEqual([basename(made.assemblyDir), 'recent'].toSorted());
});

describe('node stack/app.ts', () => {
  const app = fileURLToPath(new URL('./app.ts', import.meta.url));

  it('writes a cloud assembly with the settings of a file', async () => {
    const settings = join(folder, 'settings.yml');
    writeFileSync(settings, 'stackName: FromFile\ningest: direct\n');
    await run(process.execPath, [app, settings, join(folder, 'out')]);
    expect(readdirSync(join(folder, 'out'))).toContain('FromFile.template.json');
  });

  it('says what is wrong with a setting, and where', async () => {
    const settings = join(folder, 'bad.yml');
    writeFileSync(settings, 'queue:\n  batchSize: many\n');
    const failed = await run(process.execPath, [app, settings, join(folder, 'bad')]).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('queue.batchSize') });
    expect(existsSync(join(folder, 'bad'))).toBe(false);
  });
});
