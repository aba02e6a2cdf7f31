/** What an authorizer of an HTTP API has decided. */

/** What an authorizer passes on to the integration: `requestContext.authorizer`, in the form of payload 2.0 and of 1.0. */
export interface AuthorizerFacts {
  v2: Readonly<Record<string, unknown>>;
  v1: Readonly<Record<string, unknown>>;
}

export type HttpAuthorization =
  | { kind: 'allowed'; facts: AuthorizerFacts }
  | { kind: 'unauthorized' }
  | { kind: 'forbidden' }
  /** `problem`: a sentence, where it is not the function's. */
  | { kind: 'failed'; problem: string | null };
