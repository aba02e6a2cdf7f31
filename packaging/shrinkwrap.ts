/**
 * package-lock.json → npm-shrinkwrap.json, which is published: an installed package gets the versions that were tested. Pure.
 * npm ignores a dependency's package-lock.json and its overrides, and follows its npm-shrinkwrap.json.
 * Source: npm docs, "npm-shrinkwrap.json" and "package-lock.json", read November 2026.
 */
import { z } from 'zod';

const entrySchema = z.looseObject({
  /** Needed by devDependencies only. */
  dev: z.boolean().exactOptional(),
  /** A workspace: `resolved` is its folder. */
  link: z.boolean().exactOptional(),
  resolved: z.string().exactOptional(),
  /** For these systems and processors only. */
  os: z.array(z.string()).exactOptional(),
  cpu: z.array(z.string()).exactOptional(),
  dependencies: z.record(z.string(), z.string()).exactOptional(),
  bundleDependencies: z.array(z.string()).exactOptional(),
});
type Entry = z.output<typeof entrySchema>;

export const lockSchema = z.looseObject({
  lockfileVersion: z.literal(3),
  /** By folder: '' is the project, `node_modules/a/node_modules/b` a package, and a workspace has its own. */
  packages: z.record(z.string(), entrySchema),
});
export type Lock = z.output<typeof lockSchema>;

/**
 * Whatever is in a package's shrinkwrap, npm 10 and 11 install on every platform (seen November 2026): with all 26 builds of esbuild an
 * installation is 220 MB larger. Those that people run Node on stay.
 */
const platforms: readonly string[] = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'];

/** The part of a lock that whoever installs the package needs, with what the package itself carries marked as such. */
export function shrinkwrapOf(lock: Lock): Lock {
  const bundled = bundledFolders(lock);
  const kept = Object.entries(lock.packages).flatMap(([folder, entry]): [string, Entry][] => {
    if (folder === '') return [[folder, without(entry, ['devDependencies', 'workspaces'])]];
    // Outside node_modules: a workspace, which its link stands for.
    if (entry.dev === true || !folder.startsWith('node_modules/') || !isForPlatforms(entry)) return [];
    const own = entryOf(lock, folder);
    return [[folder, bundled.has(folder) ? { ...own, inBundle: true } : own]];
  });
  return { ...lock, packages: Object.fromEntries(kept) };
}

/** What is for one system whatever its processor (fsevents) makes something faster there, and is left out. */
const isForPlatforms = ({ os, cpu }: Entry): boolean =>
  os === undefined ||
  os.some((system) => (cpu ?? []).some((processor) => platforms.includes(`${system}-${processor}`)));

/** The bundled dependencies and all of theirs: npm packs those as well. */
function bundledFolders(lock: Lock): ReadonlySet<string> {
  const folders = new Set<string>();
  const waiting = (lock.packages['']?.bundleDependencies ?? []).map((name) => `node_modules/${name}`);
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (folders.has(folder)) continue;
    folders.add(folder);
    const names = Object.keys(entryOf(lock, folder).dependencies ?? {});
    waiting.push(...names.map((name) => folderOf(lock, name, folder ?? '')));
  }
  return folders;
}

/** A workspace's link has the workspace's own entry, as it is once installed. */
function entryOf({ packages }: Lock, folder: string): Entry {
  const entry = packages[folder];
  if (entry === undefined) throw new Error(`package-lock.json has no ${folder}: run npm install.`);
  if (entry.link !== true) return entry;
  return without(packages[entry.resolved ?? ''] ?? {}, ['name', 'devDependencies']);
}

/** Where Node finds `name` from `folder`: the nearest node_modules upwards. */
function folderOf({ packages }: Lock, name: string, folder: string): string {
  for (let from = folder; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const candidate = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (from === '') throw new Error(`package-lock.json has no ${name}, which ${folder} needs: run npm install.`);
  }
}

const without = (entry: Entry, keys: readonly string[]): Entry =>
  Object.fromEntries(Object.entries(entry).filter(([key]) => !keys.includes(key)));
