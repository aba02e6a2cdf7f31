/** Types of bodies, as a REST API tells them apart. Pure. */

/** Without parameters such as the character set. A body is JSON where the request does not say what it is. */
export const mediaTypeOf = (contentType = 'application/json'): string =>
  contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';

export function isBinary(types: readonly string[], contentType?: string): boolean {
  const type = mediaTypeOf(contentType);
  return types.some(
    (each) => each === '*/*' || each === type || (each.endsWith('/*') && type.startsWith(each.slice(0, -1))),
  );
}

export const chooseByType =
  (contentType?: string) =>
  (templates: Readonly<Record<string, string>>): string | null =>
    templates[mediaTypeOf(contentType)] ?? null;
