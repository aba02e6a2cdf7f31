/**
 * Smithy RPC v2 CBOR, which botocore 1.43 and the AWS CLIs built on it use with CloudWatch (seen 2026-11-21):
 * POST /service/GraniteServiceVersion20100801/operation/<Action>, `smithy-protocol: rpc-v2-cbor`, timestamps under tag 1.
 */

import { cbor, tag, tagSymbol } from '@smithy/core/cbor';
import { CloudWatchError } from '../cloudwatch-error.ts';
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

  encode: (output) => ({ status: 200, headers, body: encodeBody(output) }),

  encodeError: (error) => ({
    status: error.httpStatus,
    headers: { ...headers, ...queryErrorHeader(error) },
    body: encodeBody({ __type: `com.amazonaws.cloudwatch#${error.shape}`, message: error.message }),
  }),
};

/**
 * Decodes the body; a timestamp becomes seconds since the epoch.
 * @throws {CloudWatchError} SerializationException, for anything other than a single CBOR value.
 */
export function decodeBody(body: Uint8Array): unknown {
  try {
    return withoutTags(cbor.deserialize(body));
  } catch (cause) {
    throw new CloudWatchError('serialization', 'The request body is not CBOR.', { cause });
  }
}

function withoutTags(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTags);
  if (typeof value !== 'object' || value === null) return value;
  if (tagSymbol in value && 'value' in value) return withoutTags(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutTags(item)]));
}

/** The actions return seconds; under these names they are timestamps. Undefined values are omitted. */
function encodeBody(output: object): Buffer {
  return Buffer.from(cbor.serialize(withTimestamps(output, '')));
}

function withTimestamps(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withTimestamps(item, name));
  if (typeof value === 'number' && (name === 'Timestamps' || name === 'Timestamp')) return tag({ tag: 1, value });
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, withTimestamps(item, key)]));
}
