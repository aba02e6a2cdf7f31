/** A handler in Python, as people write them: boto3 without being packaged, the domain name of the event as the endpoint. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Notice } from '../../notices.ts';
import { startTinyTarget } from '../../testing/tiny-target.ts';
import { connect } from '../../testing/web-socket-client.ts';

const run = promisify(execFile);
const python = ['python3', 'python'].find((name) => {
  try {
    return (
      execFileSync(name, ['-c', 'import sys, venv; print(sys.version_info >= (3, 9))']).toString().trim() === 'True'
    );
  } catch {
    return false;
  }
});

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

// Skipped on a machine without Python 3.9 or later.
describe.runIf(python !== undefined)('a handler in Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-python-'));
  const notices: Notice[] = [];
  let target: Awaited<ReturnType<typeof startTinyTarget>>;
  beforeAll(async () => {
    await run(python ?? '', ['-m', 'venv', folder]);
    const inFolder = join(folder, 'bin', 'python');
    await run(inFolder, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'awslambdaric', 'boto3']);
    vi.stubEnv('LOADLINE_RUNTIME_PYTHON', `${inFolder} -m awslambdaric`);
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
  }, 240_000);
  afterAll(async () => {
    await target?.stop();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
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
