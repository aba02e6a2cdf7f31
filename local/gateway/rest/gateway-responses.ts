/**
 * What the gateway of a REST API answers by itself, with what the template changes of it. Pure.
 * Source: API Gateway developer guide, "Gateway response types for API Gateway", read November 2026.
 */
import type { IntegrationFailure } from '../../notices.ts';
import type { RestApiModel } from '../../template/apis/api-models.ts';
import { type Answer, messageAnswer } from '../http/http-answers.ts';

const answers = {
  ACCESS_DENIED: [403, 'User is not authorized to access this resource'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error'],
  BAD_REQUEST_BODY: [400, 'Invalid request body'],
  AUTHORIZER_FAILURE: [500, 'Internal server error'],
  INTEGRATION_FAILURE: [502, 'Internal server error'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  INVALID_API_KEY: [403, 'Forbidden'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  QUOTA_EXCEEDED: [429, 'Limit Exceeded'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
  THROTTLED: [429, 'Too Many Requests'],
  UNAUTHORIZED: [401, 'Unauthorized'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported Media Type'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export function gatewayAnswer(type: keyof typeof answers, status: number = answers[type][0]): Answer {
  return { ...messageAnswer(status, answers[type][1]), gatewayType: type };
}

/** @param names of those that are not there, or blank. */
export const parametersMissing = (names: readonly string[]): Answer => ({
  ...messageAnswer(400, `Missing required request parameters: [${names.join(', ')}]`),
  gatewayType: 'BAD_REQUEST_PARAMETERS',
});

/** Of an integration. `status`: for what is neither a timeout nor a throttle. */
export function failedAnswer({ kind }: IntegrationFailure, status: number): Answer {
  if (kind === 'timeout') return gatewayAnswer('INTEGRATION_TIMEOUT');
  return gatewayAnswer('INTEGRATION_FAILURE', kind === 'throttled' ? 500 : status);
}

/** The response of its type, else that for all of its kind. */
export function withGatewayResponse(answer: Answer, responses: RestApiModel['gatewayResponses']): Answer {
  const { gatewayType, status } = answer;
  if (gatewayType === undefined) return answer;
  const response = responses[gatewayType] ?? responses[status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'];
  if (response === undefined) return answer;
  return { ...answer, status: response.status ?? status, headers: { ...answer.headers, ...response.headers } };
}
