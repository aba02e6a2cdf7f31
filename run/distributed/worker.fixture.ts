/** What Artillery's runners do with a bundle, on this machine: list, copy, install as their workers do, and run. */
import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { locateArtillery } from '../load/artillery.ts';
import { packageRoot } from '../package-root.ts';
import type { ArtilleryOutput } from './artillery-output.ts';
import { enginePackage } from './engine-bundle.ts';

interface Manifest {
  files: { orig: string; noPrefixPosix: string }[];
  modules: string[];
}

/** The runners' own list of what they upload. */
export async function listBundle(scenario: string, flags: Record<string, unknown> = {}): Promise<Manifest> {
  const file = join(locateArtillery().root, 'dist/lib/platform/aws-ecs/legacy/bom.js');
  const { createBOM } = (await import(file)) as {
    createBOM(
      script: string,
      extra: string[],
      options: object,
      done: (error: Error | null, manifest: Manifest | null) => void,
    ): void;
  };
  return new Promise((resolve, reject) => {
    createBOM(scenario, [], { scenarioPath: scenario, flags }, (error, manifest) =>
      manifest ? resolve(manifest) : reject(error ?? new Error('no manifest')),
    );
  });
}

/** As in the `loadgen-worker` of Artillery's image. */
export async function installWorker({ files, modules }: Manifest, testData: string): Promise<void> {
  await mkdir(testData);
  for (const { orig, noPrefixPosix } of files) {
    await mkdir(dirname(join(testData, noPrefixPosix)), { recursive: true });
    await cp(orig, join(testData, noPrefixPosix));
  }
  await writeFile(join(testData, 'metadata.json'), JSON.stringify({ modules }));
  await npmInstall(testData);
}

/** Each module of metadata.json by its name, then what package.json lists; nothing is fetched. */
export async function npmInstall(testData: string): Promise<void> {
  const { modules } = JSON.parse(await readFile(join(testData, 'metadata.json'), 'utf8')) as { modules: string[] };
  for (const name of modules) await run('npm', ['install', '--quiet', '--offline', '--no-audit', name], testData);
  await run('npm', ['install', '--loglevel=silent', '--offline', '--no-audit'], testData);
}

/** Another worker of Fargate: the first one's node_modules come to it in an archive, without links. */
export async function copyWorker(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, dereference: true });
}

/** An Artillery that finds all of its packages and not the engine of this checkout: as in its image. */
export async function imageOfArtillery(folder: string): Promise<string> {
  const packages = join(packageRoot, 'node_modules');
  const image = join(folder, 'node_modules');
  await mkdir(image, { recursive: true });
  for (const name of await readdir(packages))
    if (name !== enginePackage) await symlink(join(packages, name), join(image, name));
  return join(image, 'artillery', 'bin', 'run');
}

type Period = Pick<ArtilleryOutput['intermediate'][number], 'period' | 'counters'>;

/** Artillery's own merging of its workers' windows (aws-ecs/legacy/sqs-reporter): by period, and then all periods. */
export async function mergeLikeArtillery(outputs: readonly ArtilleryOutput[]): Promise<ArtilleryOutput> {
  const { SSMS } = (await import(join(locateArtillery().root, 'dist/lib/core/ssms.js'))) as {
    SSMS: { mergeBuckets(periods: Period[]): Record<string, Period>; pack(periods: Period[]): Period };
  };
  const windows = outputs.flatMap(({ intermediate }) =>
    intermediate.map(({ period, counters }) => ({ period, counters })),
  );
  const intermediate = Object.values(SSMS.mergeBuckets(windows)).map(({ period, counters }) => ({ period, counters }));
  return { aggregate: { counters: SSMS.pack(intermediate).counters, summaries: {} }, intermediate };
}

/** Runs a program to its end. Rejects with what it said when it ends with another code than 0. */
export function run(
  program: string,
  args: string[],
  folder: string,
  environment: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(said) : reject(new Error(`${program} ended with ${code}: ${said}`)),
    );
  });
}
