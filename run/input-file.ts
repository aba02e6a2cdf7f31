/** Files that a caller names: read, parsed and checked, or a sentence for each thing that is wrong, with its place. */
import { readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { keysAt } from '../scenarios/yaml/schema-keys.ts';
import { describeIssues, readYaml } from '../scenarios/yaml/yaml-source.ts';
import { UsageError } from './errors.ts';

/**
 * A device may never end, and a named pipe waits for somebody to write into it, through every Ctrl-C. Pipes of this process are read: `<(command)` of a shell.
 */
export function isReadable(path: string): boolean {
  const stats = statSync(path);
  return stats.isFile() || (stats.isFIFO() && /^\/(?:dev|proc)\//.test(path));
}

/** The text of a file in UTF-8. Throws a UsageError that names it. */
export function readInputFile(path: string, what: string): string {
  let bytes: Buffer;
  try {
    if (!isReadable(path)) throw new UsageError(`The ${what} ${path} is not a file: name another file.`);
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${message})`;
    throw new UsageError(`The ${what} ${path} ${reason}: name another file.`, { cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UsageError(`The ${what} ${path} is not UTF-8 text: save it as UTF-8.`, { cause });
  }
}

/** What a parser made of a file, or a UsageError with its problems, a line each. */
export function accept<Parsed extends { kind: 'ok' }>(
  parsed: Parsed | { kind: 'invalid'; problems: string[] },
): Parsed {
  if (parsed.kind === 'invalid') throw new UsageError(parsed.problems.join('\n'));
  return parsed as Parsed;
}

/** What is wrong first, as in `Quotas is missing`: where, and what was expected there. For files that a program writes. */
export function firstProblem({ issues }: z.ZodError): string {
  const [issue] = issues;
  const where = issue?.path.join('.') || 'the file';
  const message = issue?.message.replace(/^Invalid input: /, '') ?? '';
  return message.endsWith('received undefined') ? `${where} is missing` : `${where}: ${message}`;
}

/** Parses a YAML (or JSON) file by a schema; an empty file is an empty object. Throws a UsageError. */
export function readYamlFile<Schema extends z.ZodType>(path: string, what: string, schema: Schema): z.output<Schema> {
  const { source } = accept(readYaml(readInputFile(path, what), path));
  const parsed = schema.safeParse(source.value ?? {});
  if (!parsed.success)
    throw new UsageError(
      describeIssues(source, parsed.error.issues, (path) => keysAt(schema, path, source.value)).join('\n'),
    );
  return parsed.data;
}
