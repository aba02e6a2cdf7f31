import { type TargetDescription, targetSchema } from '../../record/target.ts';
import { UsageError } from '../errors.ts';
import { firstProblem, readInputFile } from '../input-file.ts';

/** Reads a target description as `loadline local --json` prints it. Throws a UsageError. */
export function readTarget(path: string): TargetDescription {
  const text = readInputFile(path, 'target description');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`The target description ${path} is not JSON: make one with \`loadline local --json\`.`, {
      cause,
    });
  }
  const parsed = targetSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `The target description ${path} is not valid: ${firstProblem(parsed.error)}. Make one with \`loadline local --json\`.`,
  );
}
