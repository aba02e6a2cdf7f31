/** The folder that Artillery's runners upload: scenario, engine, and the files that they name. No secret is in it. */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readInputFile } from '../input-file.ts';
import { enginePackage, writeEnginePackage, writeHooksModule } from './engine-bundle.ts';
import { type WorkerScenario, workerScenario } from './worker-scenario.ts';

export interface WorkerBundle {
  folder: string;
  /** Path of the scenario in it. */
  scenario: string;
  steps: number;
  dispose(): Promise<void>;
}

const engineFolder = 'engine';

/** Reads a scenario that parseScenario has accepted. @throws UsageError when workers cannot share it. */
export const readWorkerScenario = (scenarioFile: string, workers: number): WorkerScenario =>
  workerScenario(readInputFile(scenarioFile, 'scenario'), workers, engineFolder);

/** Paths in the scenario are those of the current folder, as when it runs here. */
export async function makeWorkerBundle(scenario: WorkerScenario): Promise<WorkerBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'loadline-workers-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const script = join(folder, 'scenario.yml');
    await writeFile(script, scenario.text);
    await writeEnginePackage(join(folder, engineFolder));
    for (const [path, name] of scenario.feeds) await copyFile(resolve(path), join(folder, name));
    for (const [path, name] of scenario.hooks) await writeHooksModule(resolve(path), join(folder, name));
    // A worker installs what is named here: the engine, from the folder beside it.
    const manifest = {
      name: 'loadline-worker',
      private: true,
      dependencies: { [enginePackage]: `file:./${engineFolder}` },
    };
    await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    return { folder, scenario: script, steps: scenario.steps, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
