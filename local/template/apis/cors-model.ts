/** CORS of an HTTP API, and of a function URL. Pure. */
import type { PropertyReader } from '../../../template/properties.ts';
import { isObject, type Json } from '../../../template/template-error.ts';
import type { CorsModel } from './api-models.ts';

/** Null without CORS: the API then passes preflights on like any request. */
export function corsOf(read: PropertyReader, property = 'CorsConfiguration'): CorsModel | null {
  const given = read.json(property);
  if (given === undefined) return null;
  if (!isObject(given)) throw read.error(property, `needs an object, got ${JSON.stringify(given)}`);
  const maxAge = given.MaxAge;
  return {
    allowOrigins: texts(given.AllowOrigins),
    allowMethods: texts(given.AllowMethods),
    allowHeaders: texts(given.AllowHeaders),
    exposeHeaders: texts(given.ExposeHeaders),
    maxAgeSeconds: maxAge === undefined ? null : Number(maxAge),
    allowCredentials: String(given.AllowCredentials) === 'true',
  };
}

const texts = (value: Json | undefined): string[] => (value === undefined ? [] : [value].flat().map(String));
