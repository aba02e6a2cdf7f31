/** The values of a template's parameters: given, or its defaults, checked as CloudFormation checks them. Pure. */
import { isRecord, type Json, type Problems, type Properties, TemplateError } from './template-error.ts';

export interface GivenValues {
  /** Parameter → value. */
  parameters?: Readonly<Record<string, string>> | undefined;
  /** SSM parameter, by name → value: for parameters of a type `AWS::SSM::Parameter::Value<…>` and for `{{resolve:ssm:…}}`. */
  ssm?: Readonly<Record<string, string>> | undefined;
  /** Export of another stack → value. */
  imports?: Readonly<Record<string, string>> | undefined;
}

class UnknownSsmValue extends TemplateError {}

/** Texts as given, lists as lists; of a parameter with a problem, the problem, which is put among `problems` as well
 * if it matters even where nothing uses the parameter. */
export function readParameters(
  template: Properties,
  given: GivenValues,
  problems: Problems,
): Map<string, Json | TemplateError> {
  const declared = Object.entries(isRecord(template.Parameters) ? template.Parameters : {});
  const values = new Map<string, Json | TemplateError>();
  for (const [name, parameter] of declared) {
    try {
      values.set(name, parameterValue(name, isRecord(parameter) ? parameter : {}, given));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      // Whether an SSM parameter's value matters shows where it is used: CDK's own check of its bootstrap stack is used nowhere.
      if (!(error instanceof UnknownSsmValue)) problems.add(error);
      values.set(name, error);
    }
  }
  const names = declared.map(([name]) => name);
  for (const name of Object.keys(given.parameters ?? {})) {
    if (names.includes(name)) continue;
    const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
    problems.add(new TemplateError(`Parameters.${name}`, `is given, but the template has no such parameter: ${known}`));
  }
  return values;
}

function parameterValue(name: string, parameter: Properties, { parameters = {}, ssm = {} }: GivenValues): Json {
  const where = `Parameters.${name}`;
  const type = String(parameter.Type ?? 'String');
  const chosen = Object.hasOwn(parameters, name) ? parameters[name] : textOf(parameter.Default);
  if (chosen === undefined) throw new TemplateError(where, 'has no default, so it needs a value');
  check(chosen, parameter, where);
  const inSsm = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];
  if (inSsm === undefined) return typed(chosen, type, where);
  const value = Object.hasOwn(ssm, chosen) ? ssm[chosen] : undefined;
  if (value === undefined)
    throw new UnknownSsmValue(where, `is the SSM parameter ${chosen}, whose value is not known here: give it as well`);
  return typed(value, inSsm, where);
}

/** Booleans and numbers of YAML and JSON are texts to CloudFormation. */
function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(String).join(',');
  return value === undefined || value === null ? undefined : String(value);
}

function typed(value: string, type: string, where: string): Json {
  if (type === 'Number') return numberText(value, where);
  if (type !== 'CommaDelimitedList' && !type.startsWith('List<')) return value;
  const parts = value === '' ? [] : value.split(',').map((part) => part.trim());
  return type === 'List<Number>' ? parts.map((part) => numberText(part, where)) : parts;
}

function numberText(value: string, where: string): string {
  if (value.trim() !== '' && Number.isFinite(Number(value))) return value;
  throw new TemplateError(where, `needs a number, got ${JSON.stringify(value)}`);
}

function check(value: string, parameter: Properties, where: string): void {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  const fail = (rule: string) => {
    throw new TemplateError(where, `the value ${JSON.stringify(value)} ${rule}`);
  };
  if (Array.isArray(AllowedValues) && !AllowedValues.map(String).includes(value))
    fail(`is not one of ${AllowedValues.join(', ')}`);
  if (typeof AllowedPattern === 'string' && !matches(AllowedPattern, value))
    fail(`does not match the pattern ${AllowedPattern}`);
  if (MinLength !== undefined && value.length < Number(MinLength)) fail(`is shorter than ${MinLength} characters`);
  if (MaxLength !== undefined && value.length > Number(MaxLength)) fail(`is longer than ${MaxLength} characters`);
  if (MinValue !== undefined && Number(value) < Number(MinValue)) fail(`is below ${MinValue}`);
  if (MaxValue !== undefined && Number(value) > Number(MaxValue)) fail(`is above ${MaxValue}`);
}

/** A pattern that only Java understands does not refuse anything here. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    return true;
  }
}
