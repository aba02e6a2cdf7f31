/** Request validators of REST APIs. Source: API Gateway developer guide, "Request validation for REST APIs in API Gateway", read November 2026. */
import type { IncomingMessage } from 'node:http';
import type { RestApiModel, RestRouteModel } from '../../template/apis/api-models.ts';
import { BodyChecks } from '../../template/apis/body-models.ts';
import type { Answer } from '../http/http-answers.ts';
import type { RequestTarget } from '../request-target.ts';
import { gatewayAnswer, parametersMissing } from './gateway-responses.ts';
import { mediaTypeOf } from './media-types.ts';

/** As far as it is validated. */
interface ValidatedRequest {
  route: Pick<RestRouteModel, 'rules'>;
  request: Pick<IncomingMessage, 'headers'>;
  target: Pick<RequestTarget, 'query'>;
  pathParameters: Readonly<Record<string, string>>;
  body: Buffer;
}

export class RequestValidation {
  #checks: BodyChecks;

  constructor({ apiId, models }: Pick<RestApiModel, 'apiId' | 'models'>) {
    this.#checks = new BodyChecks(apiId, models);
  }

  /** The answer that refuses the request; null: it may pass. */
  refusal(asked: ValidatedRequest): Answer | null {
    const { rules } = asked.route;
    if (rules === null) return null;
    const missing = rules.parameters.filter((parameter) => isBlank(parameter, asked));
    if (missing.length > 0) return parametersMissing(missing.map(nameOf));
    const { bodies } = rules;
    const model = bodies[mediaTypeOf(asked.request.headers['content-type'])] ?? bodies.$default;
    if (model === undefined || this.#checks.keeps(model, asked.body.toString())) return null;
    return gatewayAnswer('BAD_REQUEST_BODY');
  }
}

/** `method.request.header.X-Name` → `X-Name`. */
const nameOf = (parameter: string): string => parameter.replace(/^method\.request\.[^.]+\./, '');

function isBlank(parameter: string, { request, target, pathParameters }: ValidatedRequest): boolean {
  const name = nameOf(parameter);
  const values = parameter.includes('.header.')
    ? [request.headers[name.toLowerCase()]].flat()
    : parameter.includes('.path.')
      ? [pathParameters[name]]
      : target.query.getAll(name);
  return values.every((value) => (value ?? '').trim() === '');
}
