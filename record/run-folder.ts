/** The run folder `runs/<run id>/`: its name, its files, and run.json. */
import { chmod, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { RunFileError, readJsonFile, sentenceOf, writeJsonFile } from './json-file.ts';
import { makeChosenFolder, makePrivateFolder, privateFolderMode } from './private-folder.ts';
import { type RunRecord, runSchema } from './run.ts';

export const runFileNames = {
  run: 'run.json',
  client: 'client.ndjson',
  artillery: 'artillery.json',
  cloudwatch: 'cloudwatch.json',
  observation: 'observation.json',
  reportJson: 'report.json',
  reportMarkdown: 'report.md',
  reportHtml: 'report.html',
  junit: 'junit.xml',
  timeline: 'timeline.csv',
  digests: 'digests.json',
  events: 'events.json',
  logs: 'logs',
} as const;

const latestName = 'latest';
/** Two runs of one second draw among 65,536 suffixes: sixteen failed draws mean that something else is wrong. */
const maxDraws = 16;

/** e.g. 20261121T180726Z-3f9a: UTC time, and a suffix that distinguishes runs of the same second. `random` gives [0, 1). */
export function runIdOf(now: Date, random: () => number): string {
  const time = `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const suffix = Math.floor(random() * 65_536)
    .toString(16)
    .padStart(4, '0');
  return `${time}-${suffix}`;
}

/** Whether a folder's name is a run's id. */
export const isRunId = (name: string): boolean => /^\d{8}T\d{6}Z-[0-9a-f]{4}$/.test(name);

/**
 * Makes `<root>/<run id>/` with its `logs/`, and points `<root>/latest` at it.
 * The folder is claimed by making it, so runs that start simultaneously never share one. Only its owner may enter it.
 */
export async function createRunFolder(
  root: string,
  now: Date,
  random: () => number,
): Promise<{ runId: string; folder: string }> {
  await attempt(root, () => makeChosenFolder(root, isOurs));
  for (let draw = 0; draw < maxDraws; draw++) {
    const runId = runIdOf(now, random);
    const folder = join(root, runId);
    if (!(await claim(folder))) continue;
    await attempt(folder, () => makePrivateFolder(join(folder, runFileNames.logs)));
    await pointLatestAt(root, runId);
    return { runId, folder };
  }
  throw new RunFileError(`${root} already has a folder for each of ${maxDraws} run ids drawn; use another folder.`, {
    problem: 'unwritable',
  });
}

export function readRun(folder: string): Promise<RunRecord> {
  return readJsonFile(join(folder, runFileNames.run), runSchema);
}

export function writeRun(folder: string, run: RunRecord): Promise<void> {
  return writeJsonFile(join(folder, runFileNames.run), run);
}

/** In a folder of run folders: those, the link to the latest, and the ones that it is made of. */
const isOurs = (name: string): boolean => /^(?:latest|(?:\.latest-)?\d{8}T\d{6}Z-[0-9a-f]{4})$/.test(name);

/** False when the folder is there already. */
async function claim(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: privateFolderMode });
    // Whatever the umask.
    await chmod(folder, privateFolderMode);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw new RunFileError(`${folder} could not be created: ${sentenceOf(cause)}.`, { cause, problem: 'unwritable' });
  }
}

/** A link created under another name and renamed: `latest` always points somewhere. */
async function pointLatestAt(root: string, runId: string): Promise<void> {
  const aside = join(root, `.${latestName}-${runId}`);
  await attempt(join(root, latestName), async () => {
    try {
      await symlink(runId, aside, 'dir');
      await rename(aside, join(root, latestName));
    } finally {
      await rm(aside, { force: true });
    }
  });
}

async function attempt(path: string, make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (cause) {
    throw new RunFileError(`${path} could not be created: ${sentenceOf(cause)}.`, { cause, problem: 'unwritable' });
  }
}
