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
 * `env:NAME` is the value of an environment variable, `file:PATH` the content of a file without the line break at its end; any other text is the value itself,
 * with the values of variables in place of `${NAME}`. Names are in capitals: placeholders such as `${user}` are the engine's.
 * @param option as in `--header authorization`, for the sentence.
 * @throws UsageError for a variable that is not set or a file that cannot be read; it does not quote the value.
 */
export function givenValue(option: string, text: string, environment: Environment): GivenValue {
  const [, source, name = ''] = /^(env|file):(.+)$/s.exec(text) ?? [];
  if (source === 'env' && /^[A-Za-z_]\w*$/.test(name))
    return { value: variableOf(option, name, environment), reference: text };
  if (source !== 'file') {
    const value = text.replaceAll(variableInText, (_all, variable: string) =>
      variableOf(option, variable, environment),
    );
    return { value, reference: value === text ? null : text };
  }
  const value = contentOf(option, name).replace(/\r?\n$/, '');
  if (value === '')
    throw new UsageError(`${option}: the file ${name} is empty: write the value into it, or name another.`);
  return { value, reference: text };
}

/** A whole value that was given by reference is secret. */
export const referred = ({ value, reference }: GivenValue): string[] => (reference === null ? [] : [value]);

/** `${NAME}` within a text. */
export const variableInText = /\$\{([A-Z_][A-Z0-9_]*)\}/g;

function variableOf(option: string, name: string, environment: Environment): string {
  const value = environment[name];
  if (value === undefined || value === '')
    throw new UsageError(
      `${option}: the environment variable ${name} is ${value === '' ? 'empty' : 'not set'}: export it, or name another as env:NAME.`,
    );
  return value;
}

/**
 * `name: value` of a header.
 * @throws UsageError for a text without a colon, or a value that no header can have; it does not quote it.
 */
export function headerOf(option: string, text: string, environment: Environment): { name: string } & GivenValue {
  const [, name, given] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || given === undefined)
    throw new UsageError(`${option}: expected "name: value", but what was given has no name and colon.`);
  const { value, reference } = givenValue(`${option} ${name}`, given, environment);
  if (/[\r\n]/.test(value))
    throw new UsageError(`${option} ${name}: the value has a line break, which a header cannot have.`);
  return { name, value, reference };
}

/** By name; of two with one name the last. */
export const headersOf = (headers: readonly ReturnType<typeof headerOf>[]): Record<string, string> =>
  Object.fromEntries(headers.map(({ name, value }) => [name, value]));

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
