/**
 * Models of API Gateway: JSON schemas of draft 4, to which a request's body must keep.
 * Source: API Gateway developer guide, "Data models for REST APIs", read November 2026.
 */
import { Ajv, type AnySchemaObject } from 'ajv';
import { isObject, type Json } from '../../../template/template-error.ts';

/** Name → schema. */
export type BodyModels = Readonly<Record<string, Json>>;

/** Every REST API has these without being told. */
export const builtInModels: BodyModels = {
  Empty: { type: 'object' },
  Error: { type: 'object', properties: { message: { type: 'string' } } },
};

/**
 * Bodies against the models of one API. `$ref` names another of its models by its URL, as
 * `https://apigateway.amazonaws.com/restapis/{api}/models/{name}`.
 */
export class BodyChecks {
  #ajv: Ajv | null = null;
  #apiId: string;
  #models: BodyModels;

  constructor(apiId: string, models: BodyModels) {
    this.#apiId = apiId;
    this.#models = models;
  }

  /** Whether a body is JSON and keeps to the model. */
  keeps(name: string, body: string): boolean {
    try {
      return this.checkOf(name)(JSON.parse(body)) === true;
    } catch {
      return false;
    }
  }

  /** @throws {Error} with a sentence where the API has no such model, or its schema is none. */
  checkOf(name: string): (body: unknown) => unknown {
    if (!Object.hasOwn(this.#models, name)) throw new Error(`the API has no model ${name}`);
    this.#ajv ??= this.#withModels();
    try {
      const check = this.#ajv.getSchema(this.#urlOf(name));
      if (check !== undefined) return check;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw new Error(`the model ${name} is not a JSON schema: ${problem}`);
    }
    throw new Error(`the model ${name} is not a JSON schema: it is no object`);
  }

  #withModels(): Ajv {
    const ajv = draft4();
    for (const [name, model] of Object.entries(this.#models)) {
      if (!isObject(model)) continue;
      // They say which draft it is, and are no part of it here.
      const { $schema: _draft, id: _id, ...schema } = model;
      ajv.addSchema(schema, this.#urlOf(name));
    }
    return ajv;
  }

  #urlOf(name: string): string {
    return `https://apigateway.amazonaws.com/restapis/${this.#apiId}/models/${name}`;
  }
}

/** In draft 4 `exclusiveMinimum` and `exclusiveMaximum` are flags beside the limit. Keywords that are unknown say nothing. */
function draft4(): Ajv {
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    validateFormats: false,
    unicodeRegExp: false,
    logger: false,
  });
  for (const keyword of ['id', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'])
    ajv.removeKeyword(keyword);
  const limit = (keyword: string, exclusive: string, keeps: (value: number, limit: number) => boolean) =>
    ajv.addKeyword({
      keyword,
      type: 'number',
      schemaType: 'number',
      compile: (bound: number, parent: AnySchemaObject) => (value: number) =>
        keeps(value, bound) && !(parent[exclusive] === true && value === bound),
    });
  limit('minimum', 'exclusiveMinimum', (value, bound) => value >= bound);
  limit('maximum', 'exclusiveMaximum', (value, bound) => value <= bound);
  return ajv;
}
