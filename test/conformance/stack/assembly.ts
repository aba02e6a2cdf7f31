/** Bundles the probes and synthesizes the conformance stacks into one cloud assembly. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import { ConformanceStack, probeNames } from './conformance-stack.ts';
import { variants } from './settings.ts';

const probesFolder = fileURLToPath(new URL('./probes/', import.meta.url));

/** Writes templates and code of every variant into `outDir`. Needs no account and no network; takes 2 to 4 s. */
export function writeConformanceAssembly(outDir: string): void {
  const bundles = join(outDir, '.bundles');
  try {
    buildSync({
      entryPoints: probeNames.map((name) => ({ in: join(probesFolder, `${name}.ts`), out: `${name}/index` })),
      outdir: bundles,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
    });
    const app = new App({
      outdir: outDir,
      analyticsReporting: false,
      treeMetadata: false,
      postCliContext: { 'aws:cdk:enable-asset-metadata': true },
    });
    for (const variant of variants) new ConformanceStack(app, { variant, bundles });
    app.synth();
  } finally {
    rmSync(bundles, { recursive: true, force: true });
  }
}
