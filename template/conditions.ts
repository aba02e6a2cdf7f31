/** The section Conditions: each is evaluated once, when it is first asked for. Pure. */
import { isRecord, type Json, type Properties, TemplateError } from './template-error.ts';

/** @param resolveValue resolves parameters and mappings inside Fn::Equals. */
export function conditionsOf(
  template: Properties,
  resolveValue: (value: unknown, where: string) => Json | undefined,
): (name: string) => boolean {
  const declared = isRecord(template.Conditions) ? template.Conditions : {};
  const known = new Map<string, boolean | 'evaluating'>();

  const named = (name: string): boolean => {
    const before = known.get(name);
    if (before === 'evaluating') throw new TemplateError(`Conditions.${name}`, 'depends on itself');
    if (before !== undefined) return before;
    if (!Object.hasOwn(declared, name)) throw new Error(`the template has no condition ${name}`);
    known.set(name, 'evaluating');
    const holds = evaluate(declared[name], `Conditions.${name}`);
    known.set(name, holds);
    return holds;
  };

  const evaluate = (value: unknown, where: string): boolean => {
    const [entry] = Object.entries(isRecord(value) ? value : {});
    const [operator, argument] = entry ?? ['', undefined];
    const operands = Array.isArray(argument) ? argument : [];
    switch (operator) {
      case 'Condition':
        return named(String(argument));
      case 'Fn::Equals': {
        const [first, second] = operands.map((operand) => resolveValue(operand, where));
        return comparable(first) === comparable(second);
      }
      case 'Fn::And':
        return operands.every((operand) => evaluate(operand, where));
      case 'Fn::Or':
        return operands.some((operand) => evaluate(operand, where));
      case 'Fn::Not':
        return !evaluate(operands[0], where);
      default:
        throw new TemplateError(
          where,
          `needs Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition, got ${JSON.stringify(value)}`,
        );
    }
  };
  return named;
}

/** `true`, `"true"` and a parameter's text are equal to CloudFormation. */
function comparable(value: Json | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
