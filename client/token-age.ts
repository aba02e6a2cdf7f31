/** Longer than any page is open, in seconds. */
const never = 1e9;
/** Seconds before its token's `exp` at which a connection is replaced, and the least age at which it is. */
const spareSeconds = 60;

/**
 * How old a connection with this token may become, in seconds; decades: it says no `exp`. A clock of the machine that is wrong makes a token older or younger than
 * it is: it is never valid for longer than it was issued for, and one with which a connection has just opened has not expired.
 */
export function ageOf(token: string, nowSeconds: number): number {
  try {
    const { exp, iat = nowSeconds } = JSON.parse(
      atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')),
    );
    const left = exp - nowSeconds;
    const age = left > spareSeconds ? Math.min(left, exp - iat) : exp - iat;
    // NaN: there is no such time.
    return Math.max(spareSeconds, age - spareSeconds) || never;
  } catch {
    return never;
  }
}
