/**
 * Smithy RPC v2 CBOR, which botocore 1.43 and the AWS CLIs built on it speak to CloudWatch (seen 2026-11-21):
 * POST /service/GraniteServiceVersion20100801/operation/<Action>, `smithy-protocol: rpc-v2-cbor`, timestamps under tag 1.
 */

import { CloudWatchError } from '../cloudwatch-error.ts';
import { CborTimestamp, decodeCbor, encodeCbor } from './cbor.ts';
import type { Protocol } from './protocol.ts';
import { queryErrorHeader } from './query-error-header.ts';

const path = /^\/service\/GraniteServiceVersion20100801\/operation\/(\w+)$/;
const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

export const rpcV2Cbor: Protocol = {
  speaks: (head) => head.method === 'POST' && head.headers['smithy-protocol'] === 'rpc-v2-cbor',

  decode({ target }, body) {
    const action = path.exec(target.split('?', 1)[0] ?? '')?.[1];
    if (action === undefined) {
      throw new CloudWatchError('unknownOperation', `The path ${target} is not an operation of CloudWatch.`);
    }
    return { action, input: body.length === 0 ? {} : decodeBody(body) };
  },

  encode: (output) => ({ status: 200, headers, body: encodeCbor(withTimestamps(output)) }),

  encodeError: (error) => ({
    status: error.httpStatus,
    headers: { ...headers, ...queryErrorHeader(error) },
    body: encodeCbor({ __type: `com.amazonaws.cloudwatch#${error.shape}`, message: error.message }),
  }),
};

function decodeBody(body: Buffer): unknown {
  try {
    return decodeCbor(body);
  } catch {
    throw new CloudWatchError('serialization', 'The request body is not CBOR.');
  }
}

/** The actions give seconds; under these names they are timestamps. */
function withTimestamps(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withTimestamps(item, name));
  if (typeof value === 'number' && (name === 'Timestamps' || name === 'Timestamp')) return new CborTimestamp(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTimestamps(item, key)]));
}
