/** The files of handlers/functions/ that are deployed. `challenge` is deployed in the `direct` variant only, in place of `ingest`. */
import type { FunctionRole } from './target.ts';

export type HandlerName = FunctionRole | 'challenge';

export const handlerNames = [
  'authorize',
  'connect',
  'disconnect',
  'message',
  'ingest',
  'deliver',
  'challenge',
] as const satisfies readonly HandlerName[];
