/** Errors in a template, each with its place. All of them are reported at once. */

/** A value of a template after resolution: plain JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** One problem of a template, with its location, as in `Queue.Properties.RedrivePolicy`. */
export class TemplateError extends Error {
  readonly where: string;
  readonly problem: string;

  constructor(where: string, problem: string) {
    super(`The stack's template, ${where}: ${problem}`);
    this.name = 'TemplateError';
    this.where = where;
    this.problem = problem;
  }
}

/** Several problems as one error; a single one is itself. */
export class TemplateErrors extends Error {
  readonly problems: readonly TemplateError[];

  constructor(problems: readonly TemplateError[]) {
    const [only, ...others] = problems;
    super(
      only && others.length === 0
        ? only.message
        : [
            `The stack's template has ${problems.length} problems:`,
            ...problems.map(({ where, problem }) => `  ${where}: ${problem}`),
          ].join('\n'),
    );
    this.name = 'TemplateErrors';
    this.problems = problems;
  }
}

/** Gathers the problems of independent parts, so that none hides another. */
export class Problems {
  #found = new Map<string, TemplateError>();

  /** The action's result; null if it threw a {@link TemplateError}, which is kept. Any other error is a defect, and passes. */
  attempt<Value>(action: () => Value): Value | null {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof TemplateError) && !(error instanceof TemplateErrors)) throw error;
      for (const one of error instanceof TemplateErrors ? error.problems : [error]) this.add(one);
      return null;
    }
  }

  /** The same problem at the same place counts once. */
  add(problem: TemplateError): void {
    this.#found.set(problem.message, problem);
  }

  /** @throws {TemplateErrors} if there is any. */
  throwAny(): void {
    if (this.#found.size > 0) throw new TemplateErrors([...this.#found.values()]);
  }
}

export type Properties = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
