/** As much of a workflow and of a composite action as it takes to run their steps in a shell. */
import { z } from 'zod';

const value = z.union([z.string(), z.number(), z.boolean()]);
const stepSchema = z.object({
  id: z.string().exactOptional(),
  name: z.string().exactOptional(),
  if: z.string().exactOptional(),
  'timeout-minutes': z.number().exactOptional(),
  uses: z.string().exactOptional(),
  run: z.string().exactOptional(),
  with: z.record(z.string(), value).exactOptional(),
  env: z.record(z.string(), value).exactOptional(),
});
export type Step = z.infer<typeof stepSchema>;

export const workflowSchema = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      env: z.record(z.string(), value).default({}),
      'timeout-minutes': z.number().exactOptional(),
      steps: z.array(stepSchema),
    }),
  ),
});
export const compositeSchema = z.object({
  inputs: z.record(z.string(), z.object({ default: z.string() })),
  runs: z.object({ steps: z.array(stepSchema) }),
});

/** `${{ name }}` by its value; conditions of a step are not evaluated. @throws for a name without a value. */
export function substituted(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => {
    const found = values[name];
    if (found === undefined) throw new Error(`The workflow names ${name}, which the test gives no value.`);
    return found;
  });
}
