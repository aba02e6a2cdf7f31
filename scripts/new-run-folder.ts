/** The folder of a run or a search, in the place that the user chose: before anything is started. */
import { folderProblem } from '../record/folder-problem.ts';
import { RunFileError } from '../record/json-file.ts';
import { createRunFolder } from '../record/run-folder.ts';
import { UsageError } from '../run/errors.ts';

/** @throws UsageError when it cannot be made, or not written: the option names another place. */
export async function newRunFolder(root: string, option: string): Promise<{ runId: string; folder: string }> {
  try {
    const made = await createRunFolder(root, new Date(), Math.random);
    const problem = await folderProblem(made.folder);
    if (problem !== null) throw new RunFileError(`${problem}.`, { problem: 'unwritable' });
    return made;
  } catch (cause) {
    if (!(cause instanceof RunFileError)) throw cause;
    throw new UsageError(`${cause.message} Name another place with ${option}.`, { cause });
  }
}
