/** As much of AWS as Artillery's runners ask for: identity, role, bucket, parameters, function and tasks. Queues are another server's. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What a worker is started with: the event of Artillery's Lambda function. */
export interface WorkerEvent {
  SQS_QUEUE_URL: string;
  SQS_REGION: string;
  WORKER_ID: string;
  ARTILLERY_ARGS: string[];
  TEST_RUN_ID: string;
}

export interface FakeAws {
  url: string;
  /** By key, without the bucket. */
  objects: Map<string, Buffer>;
  stop(): Promise<void>;
}

const identity =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::000000000000:user/x</Arn><UserId>x</UserId><Account>000000000000</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
const role =
  '<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><Path>/</Path><RoleName>r</RoleName><RoleId>r</RoleId><Arn>arn:aws:iam::000000000000:role/r</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>';
const location = '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>';

export interface FakeAwsParts {
  /** The function is invoked asynchronously, and answers immediately. */
  onInvoke?: (event: WorkerEvent) => void;
  /** An action of ECS, SSM or CloudWatch Logs; undefined answers {}. */
  onAction?: (action: string, input: never) => object | undefined;
}

export async function startFakeAws({ onInvoke, onAction }: FakeAwsParts): Promise<FakeAws> {
  const objects = new Map<string, Buffer>();
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: string | Buffer }> => {
    const body = await buffer(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://aws');
    const [, action] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (action) return answerAction(onAction?.(action, JSON.parse(body.toString()) as never) ?? {});
    if (pathname === '/') return { status: 200, body: body.includes('GetCallerIdentity') ? identity : role };
    if (pathname.startsWith('/2015-03-31/functions/')) {
      if (!pathname.endsWith('/invocations')) return { status: 200, body: '{"State":"Active"}' };
      onInvoke?.(JSON.parse(body.toString()) as WorkerEvent);
      return { status: 202, body: '' };
    }
    if (searchParams.has('location')) return { status: 200, body: location };
    if (searchParams.has('lifecycle')) return { status: 200, body: '' };
    if (searchParams.has('list-type')) return { status: 200, body: listed(objects, searchParams.get('prefix') ?? '') };
    const key = pathname.split('/').slice(2).join('/');
    if (request.method === 'PUT') objects.set(key, body);
    const object = objects.get(key);
    return object ? { status: 200, body: request.method === 'GET' ? object : '' } : { status: 404, body: '' };
  };
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body }) => response.writeHead(status, { 'content-type': typeOf(request) }).end(body),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, objects, stop: () => close(server) };
}

/** An answer with `__type` is an error. */
const answerAction = (answer: object) => ({ status: '__type' in answer ? 400 : 200, body: JSON.stringify(answer) });

function listed(objects: FakeAws['objects'], prefix: string): string {
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix));
  const contents = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
  return `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><KeyCount>${keys.length}</KeyCount><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
}

const typeOf = ({ url = '', headers }: IncomingMessage) =>
  url.startsWith('/2015') || headers['x-amz-target'] ? 'application/json' : 'text/xml';

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
