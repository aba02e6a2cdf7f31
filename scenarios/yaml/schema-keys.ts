import type { z } from 'zod';

/** The keys that a schema knows at a path; none where there is no object. The value says which of several kinds is meant. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[], value?: unknown): string[] {
  let here = value;
  let at = chosen(unwrapped(schema), here);
  for (const key of path) {
    here = typeof here === 'object' && here !== null ? Reflect.get(here, key) : undefined;
    at = at && chosen(unwrapped(innerOf(at, key)), here);
  }
  return at && 'shape' in at._zod.def ? Object.keys(shapeOf(at)) : [];
}

function innerOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  const { def } = schema._zod;
  if ('shape' in def) return shapeOf(schema)[String(key)];
  if ('element' in def) return def.element as z.core.$ZodType;
  return 'valueType' in def ? (def.valueType as z.core.$ZodType) : undefined;
}

/** Of a union, the option that a value is meant to be: by its discriminator, or the only one that has keys. */
function chosen(schema: z.core.$ZodType | undefined, value: unknown): z.core.$ZodType | undefined {
  if (schema === undefined) return schema;
  if (!('discriminator' in schema._zod.def)) {
    if (schema._zod.def.type !== 'union') return schema;
    const { options } = schema._zod.def as z.core.$ZodUnionDef;
    return options.map(unwrapped).find((option) => option !== undefined && 'shape' in option._zod.def);
  }
  const { options, discriminator } = schema._zod.def as z.core.$ZodDiscriminatedUnionDef;
  const kind: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, discriminator) : undefined;
  return options.find((option) => option._zod.propValues?.[discriminator]?.has(kind as string)) as
    | z.core.$ZodType
    | undefined;
}

const shapeOf = (schema: z.core.$ZodType) =>
  (schema._zod.def as z.core.$ZodObjectDef).shape as Record<string, z.core.$ZodType>;

/** Without defaults and the like around it; of a schema that turns one form into another, the one that a file is written in. */
function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  let inner = schema;
  for (;;) {
    if (inner === undefined) return inner;
    const { def } = inner._zod;
    if ('innerType' in def) inner = def.innerType as z.core.$ZodType;
    else if (def.type === 'pipe') inner = written(def as z.core.$ZodPipeDef);
    else return inner;
  }
}

/** The input, unless that is a bare function which prepares it. */
const written = ({ in: before, out }: z.core.$ZodPipeDef): z.core.$ZodType =>
  before._zod.def.type === 'transform' ? out : before;
