/** Whether a run folder can still be written. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sentenceOf } from './json-file.ts';

/** More than the rest of a block that a small file would still fit into. */
const probeBytes = 65_536;

/** Why not, in a sentence without its full stop; null when it can be. */
export async function folderProblem(folder: string): Promise<string | null> {
  const probe = join(folder, `.probe-${process.pid}.tmp`);
  try {
    await writeFile(probe, Buffer.alloc(probeBytes, 1), { flush: true });
    return null;
  } catch (cause) {
    return `${folder} could not be written: ${sentenceOf(cause)}`;
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}
