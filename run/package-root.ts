import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of Loadline's own package.json: the checkout, or the installed package (whose code lies one folder deeper, in dist/). */
export const packageRoot: string = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

/** The scenarios and usage plans that come with Loadline. */
export const scenarioFolder: string = join(packageRoot, 'scenarios');

export const loadlineVersion: string = readVersion(packageRoot);

function findPackageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('Loadline cannot find its own package.json: reinstall the package.');
  return findPackageRoot(parent);
}

function readVersion(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}
