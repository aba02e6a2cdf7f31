/** The stacks that cases run against: started on this machine when first needed, or found on AWS. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { TargetDescription } from '../../record/target.ts';
import { describeAwsTarget } from '../../run/target/aws-target.ts';
import { startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { stackNames } from './stack/settings.ts';
import type { TargetNeed } from './target-need.ts';

export interface StartedTarget {
  description: TargetDescription;
  stop: () => Promise<void>;
}

export interface TargetSource {
  kind: 'local' | 'aws';
  start: (need: TargetNeed) => Promise<StartedTarget>;
  close: () => Promise<void>;
}

/** Targets of this machine. The assembly is made once; every start is a separate target. */
export async function localTargets(): Promise<TargetSource> {
  const assemblyDir = await mkdtemp(join(tmpdir(), 'loadline-conformance-'));
  const close = () => rm(assemblyDir, { recursive: true, force: true });
  try {
    await synthesizeApart(assemblyDir);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    kind: 'local',
    close,
    async start({ variant, limits }) {
      const stackName = stackNames[variant];
      const local = await startLocalTarget({
        settings: parseSettings({ stackName }),
        assembly: { templatePath: join(assemblyDir, `${stackName}.template.json`), assemblyDir },
        ...(limits !== undefined && { limits }),
      });
      return { description: local.target, stop: () => local.stop() };
    },
  };
}

/** In a thread that ends afterwards: aws-cdk-lib takes hundreds of megabytes. */
function synthesizeApart(assemblyDir: string): Promise<void> {
  const worker = new Worker(fileURLToPath(new URL('./stack/app.ts', import.meta.url)), {
    argv: [assemblyDir],
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`The synthesis of the conformance stack ended with code ${code}.`)),
    );
  });
}

/** The deployed conformance stacks. Nothing is started or stopped. */
export function awsTargets(region: string): TargetSource {
  return {
    kind: 'aws',
    close: async () => undefined,
    start: async ({ variant }) => ({
      description: await describeAwsTarget({ stackName: stackNames[variant], region }),
      stop: async () => undefined,
    }),
  };
}
