/** Typed reading of one resource's resolved properties; every error names resource and property. */
import { isObject, type Json, TemplateError } from './template-error.ts';

/** A resource with every intrinsic of its properties resolved. */
export interface ResolvedResource {
  logicalId: string;
  type: string;
  properties: Readonly<Record<string, Json>>;
}

export interface PropertyReader {
  logicalId: string;
  json(name: string): Json | undefined;
  text(name: string): string | undefined;
  neededText(name: string): string;
  number(name: string): number | undefined;
  /** As CloudFormation, `"true"` is true. */
  flag(name: string): boolean | undefined;
  texts(name: string): readonly string[];
  /** An object of texts; numbers and booleans become text, as CloudFormation does. */
  textMap(name: string): Readonly<Record<string, string>>;
  error(name: string, problem: string): TemplateError;
}

export function propertiesOf({
  logicalId,
  properties,
}: Pick<ResolvedResource, 'logicalId' | 'properties'>): PropertyReader {
  const error = (name: string, problem: string) => new TemplateError(`${logicalId}.Properties.${name}`, problem);
  const text = (name: string) => {
    const value = properties[name];
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw error(name, `needs a text, got ${JSON.stringify(value)}`);
  };
  return {
    logicalId,
    error,
    text,
    json: (name) => properties[name],
    neededText(name) {
      const value = text(name);
      if (value === undefined) throw error(name, 'is missing');
      return value;
    },
    number(name) {
      const value = properties[name];
      if (value === undefined) return undefined;
      const number = Number(value);
      if (value === '' || !Number.isFinite(number)) throw error(name, `needs a number, got ${JSON.stringify(value)}`);
      return number;
    },
    flag(name) {
      const value = properties[name];
      if (value === undefined) return undefined;
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw error(name, `needs true or false, got ${JSON.stringify(value)}`);
    },
    texts(name) {
      const value = properties[name] ?? [];
      if (!Array.isArray(value)) throw error(name, `needs a list, got ${JSON.stringify(value)}`);
      return value.map(String);
    },
    textMap(name) {
      const value = properties[name] ?? {};
      if (!isObject(value)) throw error(name, `needs an object, got ${JSON.stringify(value)}`);
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
    },
  };
}
