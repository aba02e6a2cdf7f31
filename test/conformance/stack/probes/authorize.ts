/** Authorizer controlled by its token. */
import { observe } from './observe.ts';

interface AuthorizerEvent {
  methodArn: string;
  queryStringParameters?: Record<string, string>;
}

export async function handler(event: AuthorizerEvent): Promise<unknown> {
  const { token, seeAuthorizer } = event.queryStringParameters ?? {};
  if (seeAuthorizer !== undefined) await observe(seeAuthorizer, 'authorizer', event);
  switch (token) {
    case 'unauthorized':
      throw new Error('Unauthorized');
    case 'broken':
      throw new Error('the authorizer is broken');
    case 'noPolicy':
      return { principalId: token };
    default: {
      const Effect = token === 'deny' ? 'Deny' : 'Allow';
      const Statement = [{ Effect, Action: 'execute-api:Invoke', Resource: event.methodArn }];
      return {
        principalId: token,
        policyDocument: { Version: '2012-10-17', Statement },
        context: { text: token === 'large' ? 'x'.repeat(9_000) : 'a', number: 7, flag: true },
      };
    }
  }
}
