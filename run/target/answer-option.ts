/** How the answer to a message is recognised: `--answer next`, a path of JSON, or a regular expression. */
import { parseJsonPath } from '../../engine/src/core/messages/json-path.ts';
import { UsageError } from '../errors.ts';

/**
 * The matcher as the engine takes it.
 * @throws {UsageError} the text is none of the three
 */
export function parseAnswer(text: string): unknown {
  if (text === 'next') return text;
  if (text.startsWith('$')) {
    if (parseJsonPath(text) === null)
      throw new UsageError(
        `--answer ${text}: expected a path such as $.id or $.data.ids[0]. In a shell, put it in single quotes.`,
      );
    return { jsonPath: text };
  }
  const [, regexp] = /^\/(.+)\/$/s.exec(text) ?? [];
  if (regexp === undefined) throw new UsageError(`--answer ${text}: expected next, a path such as $.id, or /regexp/.`);
  const problem = regExpProblem(regexp);
  if (problem !== null)
    throw new UsageError(
      `--answer ${text}: not a regular expression (${problem}). Put \\ before a character that stands for itself.`,
    );
  return { regexp };
}

/** V8's reason, without the expression that it repeats; null: it is one. */
function regExpProblem(source: string): string | null {
  try {
    new RegExp(source);
    return null;
  } catch (cause) {
    return cause instanceof Error ? (cause.message.split(': ').at(-1) ?? '') : String(cause);
  }
}
