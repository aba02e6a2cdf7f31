/** A wire protocol of CloudWatch. The actions are protocol-independent: each protocol implements this. */
import type { IncomingHttpHeaders } from 'node:http';
import type { CloudWatchError } from '../cloudwatch-error.ts';

/** What is known of a request before its body has arrived. */
export interface RequestHead {
  method: string;
  /** As on the request line: path and query. */
  target: string;
  headers: IncomingHttpHeaders;
}

/** The parts of a request that its response repeats. `action` is unknown if the request could not be read. */
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
