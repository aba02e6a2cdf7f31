/** STS, as far as tools ask who they are. Source: STS API reference, read November 2026. */
import { failure, type ServiceAnswer, success, unknownAction } from './answers.ts';

export const stsSpace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const actions = ['GetAccessKeyInfo', 'GetCallerIdentity'];

export function answerSts(action: string, form: URLSearchParams, accountId: string): ServiceAnswer {
  switch (action) {
    case 'GetCallerIdentity':
      return success({ Arn: `arn:aws:iam::${accountId}:user/local`, UserId: 'AIDALOADLINELOCAL', Account: accountId });
    case 'GetAccessKeyInfo':
      return form.has('AccessKeyId')
        ? success({ Account: accountId })
        : failure(400, 'ValidationError', 'AccessKeyId is required.');
    default:
      return unknownAction('STS', action, actions);
  }
}
