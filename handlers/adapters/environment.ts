/** Environment variables that the stack sets on a function. */

/** Throws if the variable is missing or empty: a defect of the stack, found at the first invocation. */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is missing: the stack should set it on this function.`);
  return value;
}

/** Throws when the variable is not a positive whole number. */
export function requiredCount(name: string): number {
  const value = Number(requiredVariable(name));
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`The environment variable ${name} must be a positive whole number.`);
  }
  return value;
}

/** Null if the variable is not set; throws as {@link requiredCount} does. */
export const optionalCount = (name: string): number | null => (process.env[name] ? requiredCount(name) : null);
