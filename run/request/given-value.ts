/** Values of options that may be secret: given as they are, or by the name of an environment variable or a file, which other users of the machine cannot read. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { isReadable } from '../input-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface GivenValue {
  value: string;
  /** As it was given, if it only names where the value is; null: it was given as it is. */
  reference: string | null;
}

/**
 * `env:NAME` is the value of an environment variable, `file:PATH` the content of a file without the line break at its end; any other text is the value itself.
 * @param option as in `--header authorization`, for the sentence.
 * @throws UsageError for a variable that is not set or a file that cannot be read; it does not quote the value.
 */
export function givenValue(option: string, text: string, environment: Environment): GivenValue {
  const [, source, name = ''] = /^(env|file):(.+)$/s.exec(text) ?? [];
  if (source === 'env' && /^[A-Za-z_]\w*$/.test(name)) {
    const value = environment[name];
    if (value === undefined || value === '')
      throw new UsageError(
        `${option}: the environment variable ${name} is ${value === '' ? 'empty' : 'not set'}: export it, or name another as env:NAME.`,
      );
    return { value, reference: text };
  }
  if (source !== 'file') return { value: text, reference: null };
  const value = contentOf(option, name).replace(/\r?\n$/, '');
  if (value === '')
    throw new UsageError(`${option}: the file ${name} is empty: write the value into it, or name another.`);
  return { value, reference: text };
}

function contentOf(option: string, path: string): string {
  try {
    if (!isReadable(path)) throw new UsageError(`${option}: ${path} is not a file: name another as file:PATH.`);
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${message})`;
    throw new UsageError(`${option}: the file ${path} ${reason}: name another as file:PATH.`, { cause });
  }
}
