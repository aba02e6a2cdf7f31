/** What went wrong with a call. */

/** An answer of the service that is not a success. Its name is that of the service's exception, as `ConditionalCheckFailedException`. */
export class AwsError extends Error {
  readonly status: number;
  /** What the service thinks of the time by its own clock, in milliseconds since the epoch; NaN if it does not say. */
  readonly serverTimeMs: number;

  constructor(options: { name: string; message: string; status: number; serverTimeMs: number }) {
    super(options.message);
    this.name = options.name;
    this.status = options.status;
    this.serverTimeMs = options.serverTimeMs;
  }
}

/** The condition of a write to DynamoDB does not hold. */
export const isConditionFailed = (error: unknown): boolean =>
  error instanceof AwsError && error.name === 'ConditionalCheckFailedException';

/** No whole answer came in time. `connected` says whether the request may have been served. */
export class TimeoutError extends Error {
  readonly connected: boolean;

  constructor(message: string, connected: boolean) {
    super(message);
    this.name = 'TimeoutError';
    this.connected = connected;
  }
}

const throttles =
  /^(Throttl(ing|ed)(Exception|RequestException)?|.*ThroughputExceeded(Exception)?|TooManyRequestsException|RequestThrottled(Exception)?|RequestLimitExceeded|LimitExceededException|BandwidthLimitExceeded|SlowDown|PriorRequestNotComplete|EC2ThrottledException|TransactionInProgressException)$/;
const clockSkews =
  /^(RequestTimeTooSkewed|RequestExpired|InvalidSignatureException|SignatureDoesNotMatch|AuthFailure)$/;
/** The answer is about a moment, not about the request. */
const transientStatus = new Set([500, 502, 503, 504]);

export type Retryable = 'throttle' | 'transient' | 'clockSkew';

/** Whether another attempt may succeed, by the rules of the SDKs' standard retry mode. Source: SDKs and tools reference guide, "Retry behavior". */
export function retryableAs(error: unknown): Retryable | null {
  if (error instanceof AwsError) {
    if (error.status === 429 || throttles.test(error.name)) return 'throttle';
    if (transientStatus.has(error.status) || /^RequestTimeout(Exception)?$/.test(error.name)) return 'transient';
    return clockSkews.test(error.name) && !Number.isNaN(error.serverTimeMs) ? 'clockSkew' : null;
  }
  // Of the connection: Node's errors have a code.
  return error instanceof TimeoutError || hasCode(error) ? 'transient' : null;
}

const hasCode = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.name !== 'AbortError';
