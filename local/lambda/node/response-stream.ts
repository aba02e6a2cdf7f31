/**
 * Handlers that stream their response: `awslambda.streamifyResponse`. Here the stream is gathered, and answered as a whole once it has ended.
 * Source: Lambda developer guide, "Response streaming for Lambda functions", read November 2026.
 */
import { Writable } from 'node:stream';
import type { Handler } from './load-handler.ts';

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');

class GatheredResponse extends Writable {
  readonly chunks: Buffer[] = [];
  /** Status, headers and cookies, if the handler has given any. */
  prelude: object | null = null;

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  /** Of a function URL, which is not served. */
  setContentType(): void {}
}

/** The global that such handlers are written with. */
export function provideStreaming(): void {
  const awslambda = {
    streamifyResponse: (handler: object) => Object.assign(handler, { [streaming]: 'response' }),
    HttpResponseStream: {
      from(stream: GatheredResponse, prelude: object) {
        stream.prelude = prelude;
        return stream;
      },
    },
  };
  Object.assign(globalThis, { awslambda });
}

export const isStreaming = (handler: Handler): boolean => Reflect.get(handler, streaming) === 'response';

/** @throws what the handler throws. */
export async function gathered(handler: Handler, event: unknown, context: object): Promise<unknown> {
  const stream = new GatheredResponse();
  const ended = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve);
    stream.once('error', reject);
  });
  // Awaited below: a stream that fails while the handler runs is not unhandled.
  ended.catch(() => undefined);
  await Reflect.apply(handler, undefined, [event, stream, context]);
  await ended;
  const body = Buffer.concat(stream.chunks);
  if (stream.prelude !== null) return { ...stream.prelude, body: body.toString('base64'), isBase64Encoded: true };
  try {
    return JSON.parse(body.toString());
  } catch {
    return body.toString();
  }
}
