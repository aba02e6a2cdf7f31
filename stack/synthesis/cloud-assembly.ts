/** The actual synthesis. Imports aws-cdk-lib (over a second), so import it only if an assembly has to be made. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LoadlineStack } from '../loadline-stack.ts';
import { imageFromFolder } from '../server/task-image.ts';
import type { StackSettings } from '../settings/settings.ts';
import { bundleHandlers, bundleServer } from './bundles.ts';

/** Writes the cloud assembly (template and assets) into `outDir`. Needs no account and no network. */
export function writeCloudAssembly(settings: StackSettings, outDir: string): void {
  // Inside the folder being created: an interrupted process leaves one folder to clean up, not two.
  const bundles = join(outDir, '.bundles');
  try {
    // The image of a task is all of its folder.
    const image = join(bundles, 'task');
    if (settings.compute === 'server') bundleServer(image, settings);
    bundleHandlers(bundles, settings);
    // Metadata `aws:asset:path` in the template states the folder of the assembly that holds a function's code.
    const app = new App({
      outdir: outDir,
      analyticsReporting: false,
      treeMetadata: false,
      postCliContext: { 'aws:cdk:enable-asset-metadata': true },
    });
    new LoadlineStack(app, {
      settings,
      codeOf: (handler) => Code.fromAsset(join(bundles, handler)),
      imageOf: imageFromFolder(image),
    });
    app.synth();
  } finally {
    rmSync(bundles, { recursive: true, force: true });
  }
}
