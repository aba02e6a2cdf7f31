/** Checks of values while intrinsics are resolved. Pure. */
import { type Json, TemplateError } from './template-error.ts';

/** Gives an error that has no location this one. */
export function atPlace<Value>(where: string, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    throw new TemplateError(where, error instanceof Error ? error.message : String(error));
  }
}

export function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw new TemplateError(where, `needs a text, got ${JSON.stringify(value)}`);
}

export function scalar(value: Json | undefined, where: string): string {
  if (value === undefined || value === null || typeof value === 'object')
    throw new TemplateError(where, `needs a text, got ${JSON.stringify(value) ?? 'AWS::NoValue'}`);
  return String(value);
}

export function list(value: Json | undefined, where: string): Json[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(where, `needs a list, got ${JSON.stringify(value) ?? 'AWS::NoValue'}`);
}
