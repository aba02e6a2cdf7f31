import { expect, test } from 'vitest';
import { z } from 'zod';
import { meantIssues } from './meant-issues.ts';

const schema = z.object({
  sign: z.union([z.enum(['github', 'slack']), z.strictObject({ header: z.string(), length: z.number().optional() })]),
  push: z.union([
    z.literal('anywhere'),
    z.strictObject({ path: z.string() }),
    z.strictObject({ regexp: z.string().min(9) }),
  ]),
});
const issuesOf = (value: object) =>
  meantIssues(schema.safeParse({ sign: 'github', push: 'anywhere', ...value }).error?.issues ?? []).map(
    ({ path, code }) => `${path.join('.')} ${code}`,
  );

test.each([
  [{}, []],
  // Of the form with keys, as a text that is none of the known ones could be of either.
  [{ sign: { header: 5 } }, ['sign.header invalid_type']],
  [{ sign: { hedder: 'x' } }, ['sign.header invalid_type', 'sign unrecognized_keys']],
  [{ sign: 'githb' }, ['sign invalid_union']],
  // Of several forms with keys the one that knows them.
  [{ push: { regexp: 'short' } }, ['push.regexp too_small']],
  [{ push: { other: 1 } }, ['push invalid_union']],
])('%j: %j', (value, issues) => {
  expect(issuesOf(value)).toEqual(issues);
});
