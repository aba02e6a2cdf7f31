/** The handlers as deployed to Lambda: one self-contained ES module each. */
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import { handlerNames } from '../handler-names.ts';
import { writeDockerfile } from '../server/task-image.ts';
import type { StackSettings } from '../settings/settings.ts';

const functionsFolder = fileURLToPath(new URL('../../handlers/functions/', import.meta.url));
const serverFolder = fileURLToPath(new URL('../../handlers/server/', import.meta.url));

const common = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  // Not minified: a stack trace in a log names functions, and no source map has to be loaded at a cold start.
  minify: false,
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** What packages in CommonJS use, and an ES module does not have. */
const requireBanner = "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);";

/** Optional additions to pg, its native binding and its sockets of Cloudflare, and to ws: they are not installed. */
const external = ['pg-native', 'pg-cloudflare', 'bufferutil', 'utf-8-validate'];

/** Writes `<outDir>/<handler>/index.mjs` for every handler. Throws esbuild's error, which names file and line. */
export function bundleHandlers(outDir: string, settings: Pick<StackSettings, 'compute' | 'store'>): void {
  const { store } = settings;
  const names = handlerNames(settings);
  if (names.length === 0) return;
  buildSync({
    entryPoints: names.map((name) => ({
      // Installed from npm, the handlers are compiled: same names, different extension.
      in: join(functionsFolder, `${name}${extname(import.meta.url)}`),
      out: `${name}/index`,
    })),
    outdir: outDir,
    ...common,
    // Of handlers/adapters/stores.ts one branch is left.
    define: { 'process.env.STORE': JSON.stringify(store) },
    // pg is CommonJS.
    ...(store === 'postgres' && { external, banner: { js: requireBanner } }),
  });
}

/** Writes `<outDir>/index.mjs`, one task of the service, and its Dockerfile. Throws as {@link bundleHandlers} does. */
export function bundleServer(outDir: string, { store, database }: Pick<StackSettings, 'store' | 'database'>): void {
  buildSync({
    entryPoints: [{ in: join(serverFolder, `task.main${extname(import.meta.url)}`), out: 'index' }],
    outdir: outDir,
    ...common,
    define: { 'process.env.STORE': JSON.stringify(store) },
    banner: { js: requireBanner },
    external,
  });
  writeDockerfile(outDir, { reachesInstance: store === 'postgres' && !database.proxy });
}
