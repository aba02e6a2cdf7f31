/** What is wrong with a value that may be of several forms: the issues of the form that was meant. Pure. */
import type { z } from 'zod';

/** Each issue of a union is replaced by those of its one form that the value has at all, if there is one. */
export function meantIssues(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue];
    const possible = issue.errors.filter((ofForm) => !ofForm.some(isAboutForm));
    const known = possible.filter((ofForm) => !ofForm.some(({ code }) => code === 'unrecognized_keys'));
    const [only, other] = known.length === 1 ? known : possible;
    if (only === undefined || other !== undefined) return [issue];
    return meantIssues(only.map((each) => ({ ...each, path: [...issue.path, ...each.path] })));
  });
}

/** The value itself is of another type, or another text. */
const isAboutForm = ({ path, code }: z.core.$ZodIssue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
