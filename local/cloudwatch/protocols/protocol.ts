/** A wire protocol of CloudWatch. The actions know none: each protocol is an implementation of this. */
import type { IncomingHttpHeaders } from 'node:http';
import type { CloudWatchError } from '../cloudwatch-error.ts';

/** What is known of a request before its body has come. */
export interface RequestHead {
  method: string;
  /** As on the request line: path and query. */
  target: string;
  headers: IncomingHttpHeaders;
}

/** What an answer repeats of its request. `action` is unknown when the request could not be read. */
export interface AnswerContext {
  action?: string;
  requestId: string;
}

interface EncodedResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

export interface Protocol {
  /** Whether a request is in this protocol. */
  speaks(head: RequestHead): boolean;
  /** The action and its input, timestamps in seconds since the epoch. Throws a CloudWatchError. */
  decode(head: RequestHead, body: Buffer): { action: string; input: unknown };
  encode(output: object, context: Required<AnswerContext>): EncodedResponse;
  encodeError(error: CloudWatchError, context: AnswerContext): EncodedResponse;
}
