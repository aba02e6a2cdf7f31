/** A handler in Python, as people write them: boto3 without being packaged, the domain name of the event as the endpoint. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Notice } from '../../local/notices.ts';
import { startTinyTarget } from '../../local/testing/tiny-target.ts';
import { connect } from '../../local/testing/web-socket-client.ts';
import { installMs, pythonWith, runtimePackages, whyNoPython } from '../python-packages.fixture.ts';

const why = whyNoPython();

const chat = `
import json, os, boto3, urllib.request
table = boto3.resource('dynamodb').Table('tiny-table')

def handler(event, context):
    request = event['requestContext']
    key = {'pk': request['connectionId']}
    if request['routeKey'] == '$connect':
        table.put_item(Item=key)
        return {'statusCode': 200}
    said = json.loads(event['body'])
    print('said', said['text'])
    if said['text'] == 'fail':
        raise ValueError('as asked')
    known = 'Item' in table.get_item(Key=key)
    client = boto3.client('apigatewaymanagementapi', endpoint_url=f"https://{request['domainName']}/{request['stage']}")
    url = f"https://abcdefghij.execute-api.{os.environ['AWS_REGION']}.amazonaws.com/hello"
    hello = urllib.request.urlopen(url).read().decode()
    answer = {'known': known, 'said': said['text'], 'hello': hello, 'remaining': context.get_remaining_time_in_millis() > 0}
    client.post_to_connection(ConnectionId=request['connectionId'], Data=json.dumps(answer))
    return {'statusCode': 200}
`;

describe.skipIf(why !== null)(why ?? 'a handler in Python', () => {
  const notices: Notice[] = [];
  let target: Awaited<ReturnType<typeof startTinyTarget>>;
  beforeAll(async () => {
    vi.stubEnv('LOADLINE_RUNTIME_PYTHON', `${await pythonWith(runtimePackages)} -m awslambdaric`);
    target = await startTinyTarget(
      { onNotice: (notice) => notices.push(notice) },
      {
        functions: {
          Chat: { 'app/main.py': chat },
          Hello: "export const handler = async () => ({ statusCode: 200, body: 'hello' });",
        },
        functionProperties: {
          Chat: { Runtime: 'python3.12', Handler: 'app/main.handler', Timeout: 30, MemorySize: 256 },
        },
        webSocketRoutes: { $connect: 'Chat', $default: 'Chat' },
        httpRoutes: { 'GET /hello': 'Hello' },
      },
    );
  }, installMs);
  afterAll(async () => {
    await target?.stop();
    vi.unstubAllEnvs();
  });

  test('stores in a table, calls an API by its name on AWS, and pushes to the domain name of its event', async () => {
    const { socket, next } = await connect(target.outputs.WebSocketUrl ?? '');
    socket.send(JSON.stringify({ text: 'hi' }));
    expect(JSON.parse(await next())).toEqual({ known: true, said: 'hi', hello: 'hello', remaining: true });
    socket.send(JSON.stringify({ text: 'fail' }));
    expect(await next()).toContain('Internal server error');
    socket.close();
    await vi.waitFor(
      () =>
        expect(notices).toContainEqual(
          expect.objectContaining({
            kind: 'integrationFailed',
            failure: expect.objectContaining({ errorType: 'ValueError', errorMessage: 'as asked' }),
          }),
        ),
      20_000,
    );
    const outputs = notices.flatMap((notice) => (notice.kind === 'output' ? [notice.text] : []));
    expect(outputs.join('')).toContain('said hi\n');
  });
});
