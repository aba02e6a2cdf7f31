/** Why AWS, or the SDK before it, did not answer a call: what is wrong and what to do next, in one sentence. Pure. */

export interface AwsRefusal {
  /** `caller`: credentials, permissions or a region that the caller can set; `service`: AWS was not reached, or failed. */
  of: 'caller' | 'service';
  reason: string;
  next: string;
}

interface Known {
  /** Of the error's name or code, as the SDK has it, and of its message. */
  name: RegExp;
  message?: RegExp;
  of: AwsRefusal['of'];
  /** Absent: what AWS said. */
  reason?: string;
  next: string;
}

const renew = 'renew them (with `aws sso login`, if they come from there) and try again';

/**
 * The first that fits. Names of errors of AWS's services are those of "Common errors" in each API reference, read 2026-11; those of the SDK are its own (@smithy/property-provider, @aws-sdk/token-providers).
 */
const known: readonly Known[] = [
  {
    name: /CredentialsProviderError|TokenProviderError/,
    message: /expired|refresh|sso login/i,
    of: 'caller',
    reason: 'the AWS session has expired',
    next: 'run `aws sso login` and try again',
  },
  {
    name: /CredentialsProviderError|TokenProviderError/,
    message: /profile/i,
    of: 'caller',
    next: 'check the name in AWS_PROFILE against ~/.aws/config',
  },
  {
    name: /CredentialsProviderError|TokenProviderError/,
    of: 'caller',
    reason: 'there are no AWS credentials',
    next: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws sso login`',
  },
  {
    name: /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/,
    of: 'caller',
    reason: 'the AWS credentials have expired',
    next: renew,
  },
  {
    name: /^(RequestTimeTooSkewed|SignatureDoesNotMatch|InvalidSignatureException)$/,
    of: 'caller',
    next: 'check the secret access key, and the clock of this machine',
  },
  {
    name: /^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|AuthFailure|IncompleteSignature|MissingAuthenticationToken)/,
    of: 'caller',
    reason: 'AWS does not know these credentials',
    next: 'check AWS_PROFILE or AWS_ACCESS_KEY_ID, and AWS_SESSION_TOKEN if they are temporary',
  },
  {
    name: /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|NotAuthorized)/,
    of: 'caller',
    next: 'use credentials that may do that, or have the permission added to them',
  },
  {
    name: /./,
    message: /^Region is missing|^Invalid region|invalid hostname|not a valid (host|region)/i,
    of: 'caller',
    reason: 'no region is set, or none of that name',
    next: 'give --region, or set AWS_REGION',
  },
  {
    name: /^(ENOTFOUND|EAI_AGAIN)$/,
    of: 'service',
    reason: 'its host name is not known',
    next: 'check the region, the network and AWS_ENDPOINT_URL',
  },
  {
    name: /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError|NetworkingError)$/,
    of: 'service',
    next: 'check the network, the proxy and AWS_ENDPOINT_URL',
  },
  { name: /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/, of: 'service', next: 'wait a minute and try again' },
];

/** Anything else is the service's. */
export function awsRefusal(cause: Error): AwsRefusal {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const found = known.find(
    ({ name, message }) =>
      (name.test(cause.name) || (code !== '' && name.test(code))) && (message?.test(cause.message) ?? true),
  );
  const said = cause.message.replaceAll(/\s+/g, ' ').replace(/[.\s]+$/, '');
  const label = code || cause.name;
  return {
    of: found?.of ?? 'service',
    reason: found?.reason ?? (said === '' ? label : `${label}: ${said}`),
    next: found?.next ?? 'try again, and look at https://health.aws.amazon.com if it stays so',
  };
}
