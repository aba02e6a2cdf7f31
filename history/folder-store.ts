/** A history in a folder. */
import { access, constants, link, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseOther, sentenceOf } from '../record/json-file.ts';
import { makeFolder } from '../record/private-folder.ts';
import { HistoryError, type HistoryStore } from './store.ts';

/** Files that are still being written have another ending. */
const temporaryEnding = '.tmp';

export function folderStore(folder: string): HistoryStore {
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw new HistoryError(
        `The history ${folder} could not be ${what}: ${sentenceOf(cause)}. Name another with --history.`,
        {
          cause,
        },
      );
    }
  };
  return {
    place: folder,
    prepare: () =>
      attempt('written', async () => {
        await makeFolder(folder);
        await access(folder, constants.W_OK);
      }),
    list: () =>
      attempt('read', async () => {
        const names = await readdir(folder).catch((cause: unknown) => {
          if (isCode(cause, 'ENOENT')) return [];
          throw cause;
        });
        return names.filter((name) => !name.endsWith(temporaryEnding));
      }),
    read: (name) =>
      attempt('read', async () => {
        const path = join(folder, name);
        await refuseOther(path);
        return await readFile(path, 'utf8');
      }),
    create: (name, text) =>
      attempt('written', async () => {
        await makeFolder(folder);
        return await createWhole(folder, name, text);
      }),
  };
}

/** Flushed under another name first; a link, unlike a rename, fails where there is one already. */
async function createWhole(folder: string, name: string, text: string): Promise<'written' | 'taken'> {
  const path = join(folder, name);
  const temporary = `${path}.${process.pid}${temporaryEnding}`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      await link(temporary, path);
    } catch (cause) {
      if (isCode(cause, 'EEXIST')) return 'taken';
      throw cause;
    }
  } finally {
    await rm(temporary, { force: true });
  }
  // The name itself is durable only with its folder.
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return 'written';
}

const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code;
