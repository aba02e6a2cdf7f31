/** The engine as a worker gets it: one package without dependencies, so that no part of it has to be fetched there. */
import { mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { loadlineVersion } from '../package-root.ts';

/** Installed from npm, the engine is compiled: same names, other extension. */
const extension = extname(import.meta.url);
const engineFile = (name: string) => fileURLToPath(new URL(`../../engine/src/${name}${extension}`, import.meta.url));

/** What runs in its own threads and processes, by the names under which the engine starts them. */
const entries = ['fleet.main', 'fleet-process.main', 'crew.main'] as const;

export const enginePackage = 'artillery-engine-loadline';

/** What all workers' code is built as. Artillery 2.0.34's image has Node 22. */
const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'silent',
};

/** Writes the package into a folder that it makes. Throws esbuild's own error, which names file and line. */
export async function writeEnginePackage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    ...common,
    stdin: {
      contents: `export { LoadlineEngine as default } from ${JSON.stringify(engineFile('artillery/artillery-engine'))};`,
      resolveDir: folder,
      sourcefile: 'entry.js',
    },
    outfile: join(folder, 'index.js'),
  });
  await build({
    ...common,
    entryPoints: entries.map((name) => ({ in: engineFile(`processes/${name}`), out: name })),
    outdir: folder,
  });
  const manifest = { name: enginePackage, version: loadlineVersion, private: true, type: 'module', main: './index.js' };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** A user's hooks with what they import, as one module. */
export async function writeHooksModule(source: string, target: string): Promise<void> {
  await build({ ...common, entryPoints: [source], outfile: target });
}
