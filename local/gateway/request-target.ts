/** The target of a request line, split without being interpreted: `new URL` throws for some, and reads `//a/b` as a host. Pure. */

export interface RequestTarget {
  /** As sent, percent-encoding included. */
  path: string;
  /** Without the question mark. */
  rawQuery: string;
  query: URLSearchParams;
}

export function readTarget(target: string): RequestTarget {
  // A proxy's absolute form (RFC 9112, 3.2.2): scheme and authority are ignored.
  const origin = target.replace(/^https?:\/\/[^/?#]*/i, '');
  const [withoutFragment = ''] = origin.split('#', 1);
  const at = withoutFragment.indexOf('?');
  const path = at < 0 ? withoutFragment : withoutFragment.slice(0, at);
  const rawQuery = at < 0 ? '' : withoutFragment.slice(at + 1);
  return { path: path === '' ? '/' : path, rawQuery, query: new URLSearchParams(rawQuery) };
}

/** Percent-decoded, as HTTP APIs pass paths on; as it is where it cannot be. */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Every name with its values, in the order of their first appearance; `__proto__` is a name like any other. */
export function valuesByName(pairs: Iterable<readonly [name: string, value: string]>): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return Object.fromEntries(values);
}
