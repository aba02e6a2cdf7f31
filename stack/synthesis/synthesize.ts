/** Synthesis with a cache: the same settings, sources and packages make the same cloud assembly, and making one takes seconds. */
import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StackSettings } from '../settings/settings.ts';

export interface CloudAssembly {
  /** The CloudFormation template, JSON. Code of functions is in `assemblyDir/<Metadata['aws:asset:path']>`. */
  templatePath: string;
  assemblyDir: string;
}

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
/** The packages that make the assembly or are bundled into it. */
const packages = ['aws-cdk-lib', 'constructs', 'esbuild', 'ioredis', 'jose', 'pg', 'ws'];

const unusedAfterMs = 7 * 86_400_000;

const assemblyAt = (assemblyDir: string, settings: StackSettings): CloudAssembly => ({
  templatePath: join(assemblyDir, `${settings.stackName}.template.json`),
  assemblyDir,
});

/** Synthesizes the stack into `outDir`, without a cache. Takes 2 to 4 s. */
export async function synthesize(settings: StackSettings, outDir: string): Promise<CloudAssembly> {
  const { writeCloudAssembly } = await import('./cloud-assembly.ts');
  writeCloudAssembly(settings, outDir);
  return assemblyAt(outDir, settings);
}

/** The result of an earlier synthesis with these settings; null if there is none. */
export function cachedAssembly(settings: StackSettings, cacheDir: string = defaultCacheDir()): CloudAssembly | null {
  const assembly = assemblyAt(join(cacheDir, assemblyKey(settings)), settings);
  if (!existsSync(assembly.templatePath)) return null;
  // Marks it as used, which distinguishes assemblies in use from old ones.
  utimesSync(assembly.assemblyDir, new Date(), new Date());
  return assembly;
}

/**
 * Like {@link synthesize}, from a cache below `cacheDir` if possible: then aws-cdk-lib is not even loaded.
 * Several processes may do this concurrently. The folder is shared: read it, never write into it.
 * @param make makes an assembly that is not in the cache; its folder does not exist yet.
 */
export async function synthesizeCached(
  settings: StackSettings,
  cacheDir: string = defaultCacheDir(),
  make: (settings: StackSettings, outDir: string) => Promise<unknown> = synthesize,
): Promise<CloudAssembly> {
  const cached = cachedAssembly(settings, cacheDir);
  if (cached !== null) return cached;
  const assembly = assemblyAt(join(cacheDir, assemblyKey(settings)), settings);
  removeUnused(cacheDir);
  // Made in a temporary folder and renamed, so that no reader ever sees an incomplete assembly.
  const aside = join(cacheDir, `.making-${randomUUID()}`);
  try {
    await make(settings, aside);
    renameSync(aside, assembly.assemblyDir);
  } catch (error) {
    // Another process was faster: its folder has the same content.
    if (!existsSync(assembly.templatePath)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return assembly;
}

/** Every change of a source makes another assembly of 5 MB: those not used for a week are removed. */
function removeUnused(cacheDir: string): void {
  if (!existsSync(cacheDir)) return;
  for (const name of readdirSync(cacheDir)) {
    const folder = join(cacheDir, name);
    const usedAtMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - usedAtMs > unusedAfterMs) rmSync(folder, { recursive: true, force: true });
  }
}

/** Hash of everything that the assembly depends on. */
function assemblyKey(settings: StackSettings): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(settings));
  for (const name of packages) hash.update(`${name}@${versionOf(name)}\n`);
  const lockfile = join(projectFolder, 'package-lock.json');
  // Transitive packages are bundled too. When installed from npm there is no lockfile, and installed packages are not edited.
  if (existsSync(lockfile)) hash.update(readFileSync(lockfile));
  for (const folder of ['stack', 'handlers']) {
    for (const file of sourceFiles(join(projectFolder, folder))) {
      hash.update(`${relative(projectFolder, file)}\n`);
      hash.update(readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 32);
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name) && !/\.test\.[jt]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function versionOf(packageName: string): string {
  const file = findPackageJSON(packageName, import.meta.url);
  if (file === undefined) throw new Error(`The package ${packageName} is not installed. Run npm ci.`);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}

/** node_modules/.cache of the project, or the temporary folder if that is not writable. */
function defaultCacheDir(): string {
  const candidates = [
    join(projectFolder, 'node_modules', '.cache', 'loadline'),
    join(tmpdir(), `loadline-cache-${process.getuid?.() ?? 'user'}`),
  ];
  for (const candidate of candidates) {
    try {
      mkdirSync(candidate, { recursive: true, mode: 0o700 });
      accessSync(candidate, constants.W_OK | constants.X_OK);
      // The handlers' code is loaded from there: a folder created by another user is not trusted.
      if (process.getuid !== undefined && lstatSync(candidate).uid !== process.getuid()) continue;
      chmodSync(candidate, 0o700);
      return candidate;
    } catch {
      // Not writable: try the next.
    }
  }
  throw new Error(`No folder to cache the stack in: neither ${candidates.join(' nor ')} is writable.`);
}
