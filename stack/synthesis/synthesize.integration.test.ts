/** What a real synthesis made: the one that every local target of the tests is served from, made before them. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { parseSettings } from '../settings/settings.ts';
import type { CloudAssembly } from './synthesize.ts';
import { synthesizeApart } from './synthesize-apart.ts';

const run = promisify(execFile);
let assembly: CloudAssembly;

beforeAll(async () => {
  assembly = await synthesizeApart(parseSettings());
});

/** Code folder of the function with this logical id. */
function codeFolder(name: string): string {
  const { Resources } = JSON.parse(readFileSync(assembly.templatePath, 'utf8'));
  return join(assembly.assemblyDir, Resources[name]?.Metadata?.['aws:asset:path'] ?? 'absent');
}

it.each(['authorize', 'connect', 'disconnect', 'message', 'ingest', 'deliver'])(
  'contains the bundle of %s, in one self-contained file',
  (name) => {
    expect(readdirSync(codeFolder(name))).toEqual(['index.mjs']);
    const source = readFileSync(join(codeFolder(name), 'index.mjs'), 'utf8');
    const imported = [...source.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, from]) => from ?? '');
    expect(imported.filter((from) => !/^(node:)?[a-z0-9_/]+$/.test(from))).toEqual([]);
  },
);

it('bundles a handler that works', async () => {
  Object.assign(process.env, {
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'thing' },
    TABLE_NAME: 'table',
    CONNECTION_TTL_SECONDS: '10800',
    CALLBACK_URL: 'https://example.invalid/prod',
    USER_MESSAGES_PER_SECOND: '50',
    USER_BURST_SECONDS: '5',
    MAX_RECIPIENTS: '10000',
    FUNCTION_TIMEOUT_SECONDS: '15',
  });
  const { handler } = await import(pathToFileURL(join(codeFolder('message'), 'index.mjs')).href);
  const event = { requestContext: { connectionId: 'c=', authorizer: { principalId: 'ann' } } };
  const context = { getRemainingTimeInMillis: () => 15_000 };
  expect(await handler({ ...event, body: '{"action":"ping","id":"a1"}' }, context)).toEqual({
    statusCode: 200,
    body: '{"type":"pong","id":"a1"}',
  });
});

it('is found again without loading aws-cdk-lib', async () => {
  const program = `
    import { createRequire } from 'node:module';
    import { parseSettings } from ${JSON.stringify(new URL('../settings/settings.ts', import.meta.url).href)};
    import { synthesizeCached } from ${JSON.stringify(new URL('./synthesize.ts', import.meta.url).href)};
    const found = await synthesizeCached(parseSettings());
    const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('aws-cdk-lib'));
    console.log(JSON.stringify({ found, loaded }));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  expect(JSON.parse(stdout)).toEqual({ found: assembly, loaded: [] });
});
