/**
 * AWS JSON 1.0 as SDK v3 uses it with CloudWatch (seen from @aws-sdk/client-cloudwatch 3.1162, 2026-11-21):
 * POST /, X-Amz-Target GraniteServiceVersion20100801.<Action>, bodies over 10 KB gzipped, timestamps in epoch seconds,
 * and `x-amzn-query-error` next to the error's shape because the service is "awsQueryCompatible".
 */
import { CloudWatchError } from '../cloudwatch-error.ts';
import type { Protocol } from './protocol.ts';
import { queryErrorHeader } from './query-error-header.ts';

const targetPrefix = 'GraniteServiceVersion20100801.';
const contentType = 'application/x-amz-json-1.0';

export const awsJson: Protocol = {
  speaks: ({ method, headers }) => method === 'POST' && headers['x-amz-target'] !== undefined,

  decode({ headers }, body) {
    const target = String(headers['x-amz-target']);
    if (!target.startsWith(targetPrefix)) {
      throw new CloudWatchError('unknownOperation', `The target ${target} is not an action of CloudWatch.`);
    }
    return { action: target.slice(targetPrefix.length), input: parseJson(body) };
  },

  encode: (output) => ({ status: 200, headers: { 'content-type': contentType }, body: JSON.stringify(output) }),

  encodeError: (error) => ({
    status: error.httpStatus,
    headers: {
      'content-type': contentType,
      ...queryErrorHeader(error),
    },
    body: JSON.stringify({ __type: `com.amazonaws.cloudwatch#${error.shape}`, message: error.message }),
  }),
};

function parseJson(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw new CloudWatchError('serialization', 'The request body is not JSON.');
  }
}
