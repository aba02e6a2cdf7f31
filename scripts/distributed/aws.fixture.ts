/** As much of AWS as Artillery's Lambda runner asks for: identity, role, bucket and function. Queues are another server's. */
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

/** `onInvoke`: the function is invoked, and answers at once, as it does for events. */
export async function startFakeAws(onInvoke: (event: WorkerEvent) => void): Promise<FakeAws> {
  const objects = new Map<string, Buffer>();
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: string | Buffer }> => {
    const body = await buffer(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://aws');
    if (pathname === '/') return { status: 200, body: body.includes('GetCallerIdentity') ? identity : role };
    if (pathname.startsWith('/2015-03-31/functions/')) {
      if (!pathname.endsWith('/invocations')) return { status: 200, body: '{"State":"Active"}' };
      onInvoke(JSON.parse(body.toString()) as WorkerEvent);
      return { status: 202, body: '' };
    }
    if (searchParams.has('location')) return { status: 200, body: location };
    if (searchParams.has('lifecycle')) return { status: 200, body: '' };
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

const typeOf = ({ url = '' }: IncomingMessage) => (url.startsWith('/2015') ? 'application/json' : 'text/xml');

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
