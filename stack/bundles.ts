/** The handlers as deployed to Lambda: one self-contained ES module each. */
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { handlerNames } from './handler-names.ts';

const functionsFolder = fileURLToPath(new URL('../handlers/functions/', import.meta.url));

/** Writes `<outDir>/<handler>/index.mjs` for every handler. Throws esbuild's error, which names file and line. */
export function bundleHandlers(outDir: string, store: 'dynamodb' | 'postgres'): void {
  buildSync({
    entryPoints: handlerNames(store).map((name) => ({
      // Installed from npm, the handlers are compiled: same names, different extension.
      in: join(functionsFolder, `${name}${extname(import.meta.url)}`),
      out: `${name}/index`,
    })),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // Of handlers/adapters/stores.ts one branch is left.
    define: { 'process.env.STORE': JSON.stringify(store) },
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    // Not minified: a stack trace in a log names functions, and no source map has to be loaded at a cold start.
    minify: false,
    // pg is CommonJS: what it requires of Node has to be there. Its native binding and its sockets of Cloudflare are not used.
    ...(store === 'postgres' && {
      external: ['pg-native', 'pg-cloudflare'],
      banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    }),
    legalComments: 'none',
    logLevel: 'silent',
  });
}
