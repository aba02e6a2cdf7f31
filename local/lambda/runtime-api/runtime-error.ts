/** An error as runtimes report it: JSON with errorType, errorMessage and stackTrace, and the type in a header as well. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { FunctionErrorPayload } from '../protocol.ts';

const bodySchema = z.object({
  errorType: z.string().optional(),
  errorMessage: z.string().optional(),
  stackTrace: z.array(z.unknown()).optional(),
});

/** `body`: null if it was too long. What is missing or unreadable has Lambda's own words. */
export function readRuntimeError(headers: IncomingHttpHeaders, body: Buffer | null): FunctionErrorPayload {
  const ofHeader = headers['lambda-runtime-function-error-type'];
  const { errorType, errorMessage, stackTrace } = bodySchema.safeParse(parsed(body)).data ?? {};
  return {
    errorType: errorType ?? (typeof ofHeader === 'string' ? ofHeader : 'Runtime.Unknown'),
    errorMessage: errorMessage ?? body?.toString().slice(0, 1_000) ?? '',
    ...(stackTrace && { stackTrace }),
  };
}

function parsed(body: Buffer | null): unknown {
  try {
    return JSON.parse(body?.toString() ?? '');
  } catch {
    return null;
  }
}
