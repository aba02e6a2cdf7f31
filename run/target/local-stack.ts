/** A stack of the user's own, on this machine. */
import type { StackGraph } from '../../graph/model.ts';
import {
  inspectStack,
  PortError,
  RuntimeMissingError,
  type ServedStack,
  type ServeOptions,
  serveStack,
  TemplateError,
  TemplateErrors,
} from '../../local/start.ts';
import { CrashError, messageOf, UsageError } from '../errors.ts';

/** Serves it. Throws a UsageError for a template that cannot be served or a port that is taken, a CrashError for anything else. */
export async function startLocalStack(options: ServeOptions): Promise<ServedStack> {
  try {
    return await serveStack(options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw startError(cause);
  }
}

/** What a template would be as a stack, before it is served. Throws a UsageError for one that cannot be served. */
export async function inspectTemplate(options: Parameters<typeof inspectStack>[0]): Promise<StackGraph> {
  try {
    return await inspectStack(options);
  } catch (cause) {
    const error = startError(cause);
    // Whatever is wrong with it was found by reading it.
    throw error instanceof UsageError ? error : new UsageError(messageOf(cause), { cause });
  }
}

/** Why a local target did not start, as the command reports it. */
export function startError(cause: unknown): Error {
  if (cause instanceof PortError) {
    const why = cause.kind === 'portInUse' ? 'is taken' : 'may not be used by this user';
    const instead = `Choose another for --${cause.which}-port, or 0 for a free one.`;
    return new UsageError(`Port ${cause.port} on 127.0.0.1 ${why}. ${instead}`, { cause });
  }
  if (cause instanceof TemplateError) return new UsageError(withAdvice([cause]), { cause });
  if (cause instanceof TemplateErrors) return new UsageError(withAdvice(cause.problems), { cause });
  if (cause instanceof RuntimeMissingError) return new UsageError(cause.message, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CrashError(`The local target did not start: ${reason}`, { cause });
}

/** Which option helps with a problem. */
const advices: readonly [RegExp, string][] = [
  [/does not support (resources of type|this property)/, '--ignore TYPE or --ignore TYPE.PROPERTY goes on without.'],
  [
    /needs a value|is not one of|does not match|is (shorter|longer|below|above)/,
    '--parameter NAME=VALUE gives a value.',
  ],
  [/SSM parameter|\{\{resolve:ssm/, '--ssm NAME=VALUE gives the value of an SSM parameter.'],
  [/export .* of another stack/, '--import NAME=VALUE gives the value of an export.'],
];

function withAdvice(problems: readonly TemplateError[]): string {
  const { message } = problems.length === 1 && problems[0] ? problems[0] : new TemplateErrors(problems);
  const advice = advices
    .filter(([pattern]) => problems.some(({ problem }) => pattern.test(problem)))
    .map(([, text]) => text);
  return [message, ...advice].join(problems.length === 1 ? '. ' : '\n');
}
