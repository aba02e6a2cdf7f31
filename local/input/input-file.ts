/** Files that a template or its user names. */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { TemplateError } from '../../template/template-error.ts';

/**
 * A device may never end, a named pipe waits for somebody to write into it, through every Ctrl-C, and so do some files of the kernel. Pipes of this
 * process are read: `<(command)` of a shell.
 */
function isReadable(path: string, stats: Stats): boolean {
  if (stats.isFIFO()) return /^\/(?:dev|proc)\/(?:self\/|\d+\/)?fd\//.test(path);
  const isOfKernel = /^\/(?:proc|sys|dev)\//.test(path) && stats.size === 0;
  return stats.isFile() && !isOfKernel;
}

/** @throws {TemplateError} for what is no file, or cannot be read. */
export function readTemplateFile(path: string): Buffer {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && !isReadable(path, stats)) throw new TemplateError(path, 'is not a file');
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new TemplateError(path, `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** The same as text. @throws {TemplateError} for what is not UTF-8 as well. */
export function readTemplateText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readTemplateFile(path));
  } catch (cause) {
    throw cause instanceof TemplateError ? cause : new TemplateError(path, 'is not UTF-8 text');
  }
}
