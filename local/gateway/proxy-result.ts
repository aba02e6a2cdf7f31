/** The response of a proxy integration, interpreted as by API Gateway. Pure. */

export interface ProxyResult {
  statusCode: number;
  headers: Readonly<Record<string, string>>;
  cookies: readonly string[];
  body: string | null;
  isBase64Encoded: boolean;
}

/**
 * @param answer the function's payload, parsed.
 * @returns null if it is not a proxy response (not an object, or no numeric statusCode), which API Gateway treats as an error.
 */
export function readProxyResult(answer: unknown): ProxyResult | null {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return null;
  const { statusCode, headers, multiValueHeaders, cookies, body, isBase64Encoded } = answer as Record<string, unknown>;
  const status = typeof statusCode === 'string' && /^\d{3}$/.test(statusCode) ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) return null;
  if (body !== undefined && body !== null && typeof body !== 'string') return null;
  return {
    statusCode: status,
    headers: { ...textsOf(multiValueHeaders), ...textsOf(headers) },
    cookies: Array.isArray(cookies) ? cookies.map(String) : [],
    body: body ?? null,
    isBase64Encoded: isBase64Encoded === true,
  };
}

function textsOf(headers: unknown): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) return {};
  const entries = Object.entries(headers).map(([name, value]) => [name, [value].flat().map(String).join(',')]);
  return Object.fromEntries(entries);
}
