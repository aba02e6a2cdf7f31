/** The record of an asynchronous invocation, as a destination gets it. Source: Lambda developer guide, "Capturing records of Lambda asynchronous invocations", read November 2026. Pure. */
import type { EndedInvocation } from '../async-invocations.ts';

const version = '$LATEST';

/**
 * As JSON. One that no attempt of which reached the function has no response; that a throttled one has its status alone is observed, not documented.
 * @param functionArn without a version.
 */
export function recordOf(
  ended: EndedInvocation,
  { functionArn, nowMs }: { functionArn: string; nowMs: number },
): string {
  const { requestId, condition, attempts, payload } = ended;
  const record = {
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      ...{ requestId, functionArn: `${functionArn}:${version}`, condition },
      approximateInvokeCount: attempts,
    },
    requestPayload: contentOf(payload),
    ...responseOf(ended),
  };
  return JSON.stringify(record);
}

/** What is no JSON, as a text. */
function contentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function responseOf({ outcome, condition }: EndedInvocation): object {
  switch (outcome.kind) {
    case 'ok':
      return {
        responseContext: { statusCode: 200, executedVersion: version },
        responsePayload: contentOf(outcome.payload),
      };
    case 'functionError':
      return {
        responseContext: { statusCode: 200, executedVersion: version, functionError: 'Unhandled' },
        responsePayload: outcome.error,
      };
    case 'throttled':
      return condition === 'ZeroReservedConcurrency' ? {} : { responseContext: { statusCode: 429 } };
    case 'payloadTooLarge':
      return { responseContext: { statusCode: 413 } };
  }
}
