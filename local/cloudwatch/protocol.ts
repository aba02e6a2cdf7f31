/** A wire protocol of CloudWatch. The actions know none: another one (Query/XML) is another implementation of this. */
import type { IncomingHttpHeaders } from 'node:http';
import type { CloudWatchError } from './cloudwatch-error.ts';

interface EncodedResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Protocol {
  /** Whether a request with these headers is in this protocol. */
  speaks(headers: IncomingHttpHeaders): boolean;
  /** The action and its input, timestamps in seconds since the epoch. Throws a CloudWatchError. */
  decode(headers: IncomingHttpHeaders, body: Buffer): { action: string; input: unknown };
  encode(output: object, action: string): EncodedResponse;
  encodeError(error: CloudWatchError): EncodedResponse;
}
