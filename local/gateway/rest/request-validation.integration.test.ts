/** What models and request validators refuse, on a REST API and on a WebSocket API. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSmallStack } from '../../testing/small-stack.ts';
import { connect } from '../../testing/web-socket-client.ts';
import { restApi } from '../integrations/integrations.fixture.ts';

const RestApiId = { Ref: 'RestApi' };
const ok = {
  Type: 'MOCK',
  RequestTemplates: { 'application/json': '{"statusCode": 200}', 'text/plain': '{"statusCode": 200}' },
  IntegrationResponses: [{ StatusCode: 200, ResponseTemplates: { 'application/json': '"passed"' } }],
};
const order = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
const parameters = {
  'method.request.querystring.q': true,
  'method.request.header.X-Mark': true,
  'method.request.querystring.other': false,
};
const validated = (validator: string) => ({
  ...{ Integration: ok, RequestValidatorId: { Ref: validator }, RequestParameters: parameters },
  RequestModels: { 'application/json': { Ref: 'Order' } },
});
const validator = (body: boolean, parametersToo: boolean) => ({
  Type: 'AWS::ApiGateway::RequestValidator',
  Properties: { RestApiId, ValidateRequestBody: body, ValidateRequestParameters: parametersToo },
});

let stack: Awaited<ReturnType<typeof startSmallStack>>;
let rest = '';
beforeAll(async () => {
  stack = await startSmallStack({
    functions: { Echo: 'export const handler = async ({ body }) => ({ statusCode: 200, body });' },
    webSocketRoutes: {},
    resources: {
      ...restApi({
        'POST /all': validated('All'),
        'POST /body': validated('Body'),
        'POST /any': { ...validated('Body'), RequestModels: { $default: 'Empty' } },
        'POST /none': { Integration: ok, RequestParameters: parameters, RequestModels: { $default: 'Empty' } },
      }),
      All: validator(true, true),
      Body: validator(true, false),
      Order: { Type: 'AWS::ApiGateway::Model', Properties: { RestApiId, Name: 'order', Schema: order } },
      Refused: {
        Type: 'AWS::ApiGateway::GatewayResponse',
        Properties: {
          ...{ RestApiId, ResponseType: 'BAD_REQUEST_PARAMETERS', StatusCode: '422' },
          ResponseParameters: { 'gatewayresponse.header.X-Why': "'parameters'" },
        },
      },
      New: {
        Type: 'AWS::ApiGatewayV2::Model',
        Properties: { ApiId: { Ref: 'WebSocketApi' }, Name: 'New', Schema: order },
      },
      ...Object.fromEntries(
        Object.entries({ strict: { new: 'New' }, loose: { new: 'New', $default: 'New' } }).flatMap(([key, models]) => [
          [
            `${key}Route`,
            {
              Type: 'AWS::ApiGatewayV2::Route',
              Properties: {
                ...{ ApiId: { Ref: 'WebSocketApi' }, RouteKey: key, Target: 'integrations/EchoIntegration' },
                ...{ RouteResponseSelectionExpression: '$default', RequestModels: models },
                ModelSelectionExpression: '$request.body.kind',
              },
            },
          ],
          [
            `${key}Response`,
            {
              Type: 'AWS::ApiGatewayV2::RouteResponse',
              Properties: {
                ApiId: { Ref: 'WebSocketApi' },
                RouteId: { Ref: `${key}Route` },
                RouteResponseKey: '$default',
              },
            },
          ],
        ]),
      ),
    },
  });
  rest = `${stack.target.webhookUrl}/prod`;
});
afterAll(() => stack.stop());

const post = async (path: string, body = '{"id":"a"}', headers: Record<string, string> = {}) => {
  const answer = await fetch(`${rest}${path}`, {
    ...{ method: 'POST', body },
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: answer.status, why: answer.headers.get('x-why'), text: await answer.text() };
};

describe('a REST API', () => {
  test('parameters that are missing or blank are named, and a gateway response may change that', async () => {
    expect(await post('/all')).toEqual({
      ...{ status: 422, why: 'parameters' },
      text: '{"message":"Missing required request parameters: [q, X-Mark]"}',
    });
    expect((await post('/all?q=%20', '{}', { 'x-mark': 'a' })).text).toContain('[q]"');
    expect(await post('/all?q=1', '{"id":"a"}', { 'x-mark': 'a' })).toMatchObject({ status: 200, text: '"passed"' });
  });

  test('a body that its model refuses is refused, once the parameters are there', async () => {
    const refused = { status: 400, why: null, text: '{"message":"Invalid request body"}' };
    expect(await post('/all?q=1', '{}', { 'x-mark': 'a' })).toEqual(refused);
    expect(await post('/body', '{"id":1}')).toEqual(refused);
    expect(await post('/body', 'no JSON', { 'content-type': 'application/json; charset=utf-8' })).toEqual(refused);
    expect(await post('/body')).toMatchObject({ status: 200 });
  });

  test('a body of another type is not validated, unless there is a model for every type', async () => {
    expect(await post('/body', 'text', { 'content-type': 'text/plain' })).toMatchObject({ status: 200 });
    expect(await post('/any', 'text', { 'content-type': 'text/plain' })).toMatchObject({ status: 400 });
  });

  test('without a validator nothing is validated', async () => {
    expect(await post('/none', '[]')).toMatchObject({ status: 200 });
  });
});

test('a WebSocket API: the model that the message selects, else that of $default, else it is refused', async () => {
  const { socket, next } = await connect(stack.target.webSocketUrl);
  const answerTo = async (message: object) => {
    socket.send(JSON.stringify(message));
    return await next();
  };
  const passes = { action: 'strict', kind: 'new', id: 'a' };
  expect(JSON.parse(await answerTo(passes))).toEqual(passes);
  expect(await answerTo({ action: 'strict', kind: 'new' })).toMatch(
    /^{"message" : "Bad request body", "connectionId": "[^"]+", "messageId": "[^"]+"}$/,
  );
  expect(await answerTo({ action: 'strict', kind: 'old', id: 'a' })).toContain('Bad request body');
  const other = { action: 'loose', kind: 'old', id: 'a' };
  expect(JSON.parse(await answerTo(other))).toEqual(other);
  expect(await answerTo({ action: 'loose', kind: 'old' })).toContain('Bad request body');
  socket.close();
});
