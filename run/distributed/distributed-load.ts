/** Applies the load from workers on AWS, by Artillery's own runner. Not yet run on AWS: docs/distributed.md says what is tested. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFileNames } from '../../record/run-folder.ts';
import { startArtilleryWith } from '../load/artillery.ts';
import {
  fallbackUrlOf,
  type LoadOutcome,
  type LoadRequest,
  longestLoadSeconds,
  shownWebSocketUrl,
  superviseLoad,
} from '../load/load.ts';
import type { Say } from '../load/progress.ts';
import type { Distribution } from './distribution.ts';
import { environmentText, runnerArguments } from './runner-command.ts';
import { makeWorkerBundle, type WorkerBundle } from './worker-bundle.ts';
import { workerEnvironment } from './worker-environment.ts';
import { writeWorkersFile } from './workers-file.ts';

/** Longest time for what AWS and Artillery need around the load: tasks, images, installation (Artillery waits up to 600 s), late messages. */
const overheadSeconds = 1_200;
/** Artillery stops each task and deletes its queue when it is asked to end. */
const graceMs = 120_000;

const environmentFileName = 'workers.env';

/** In place of the load of one machine: see BenchmarkRequest.applyLoad. Never throws for what happens during the load. */
export const distributedLoad =
  (distribution: Distribution, say: Say) =>
  async (request: LoadRequest): Promise<LoadOutcome> => {
    const { runner, workers, scenario } = distribution;
    const { folder, workload, target, signal } = request;
    const { description } = target;
    const bundle = await makeWorkerBundle(scenario);
    try {
      await writeWorkersFile(folder, { on: runner, workers, steps: bundle.steps * workers });
      const log = join(folder, runFileNames.logs, 'artillery.log');
      const artillery = startArtilleryWith(await argumentsOf(distribution, request, bundle, say), {
        log,
        secrets: [...(request.secrets ?? []), ...(description.kind === 'endpoint' ? description.secrets : [])],
      });
      say(`Artillery starts ${workers} workers on ${runner} in ${distribution.region}; its output is in ${log}.`);
      const limitSeconds = longestLoadSeconds(workload) + overheadSeconds;
      return await superviseLoad({ artillery, target, signal, limitSeconds, graceMs, log });
    } finally {
      await bundle.dispose();
    }
  };

async function argumentsOf(
  { runner, workers, region, scenario, runnerOptions }: Distribution,
  { folder, workload, variables, secretVariables = {}, fleets, target: { description } }: LoadRequest,
  bundle: WorkerBundle,
  say: Say,
): Promise<string[]> {
  const { secrets, open } = workerEnvironment(
    scenario.environment,
    { description, runner, secretVariables },
    process.env,
  );
  const names = Object.keys(secrets);
  let environmentFile: string | null = null;
  if (runner === 'lambda') {
    environmentFile = join(bundle.folder, environmentFileName);
    await writeFile(environmentFile, environmentText({ ...secrets, ...open }), { mode: 0o600 });
    if (names.length > 0)
      say(
        `${names.join(', ')} go into Artillery's S3 bucket: it has no other way to pass secrets to workers on Lambda.`,
      );
  } else if (names.length > 0) {
    say(
      `Workers read ${names.map((name) => `/artilleryio/${name}`).join(', ')} from SSM Parameter Store in ${region}.`,
    );
  }
  // With a secret in it, it is in the environment.
  const webhookUrl = (description.kind === 'endpoint' ? description.shown : description).webhookUrl ?? '';
  return runnerArguments({
    runner,
    workers,
    region,
    webSocketUrl: shownWebSocketUrl(description),
    variables: { ...workload, ...variables, fleets, webhookUrl, ...fallbackUrlOf(description) },
    secrets: names,
    environment: open,
    environmentFile,
    output: join(folder, runFileNames.artillery),
    scenario: bundle.scenario,
    options: runnerOptions,
  });
}
