import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../testing/web-socket-client.ts';
import { startExampleStack } from '../example-stack.fixture.ts';
import { localCredentials } from './sigv4.ts';

let stack: Awaited<ReturnType<typeof startExampleStack>>;
let url: string;
beforeAll(async () => {
  stack = await startExampleStack();
  url = `${stack.target.webSocketUrl}?token=me`;
});
afterAll(() => stack.stop());

describe('@connections', () => {
  const client = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    new ApiGatewayManagementApiClient({
      region: 'us-east-1',
      endpoint: stack.target.endpoints?.apiGatewayManagementApi ?? '',
      credentials,
      maxAttempts: 1,
    });
  const idOf = async (socket: Awaited<ReturnType<typeof connect>>): Promise<string> => {
    socket.socket.send('{"action":"echo"}');
    return JSON.parse(await socket.next()).requestContext.connectionId;
  };

  test('post, get and delete', async () => {
    const socket = await connect(url);
    const ConnectionId = await idOf(socket);
    const api = client(localCredentials);
    await api.send(new PostToConnectionCommand({ ConnectionId, Data: 'hello' }));
    expect(await socket.next()).toBe('hello');
    await api.send(new PostToConnectionCommand({ ConnectionId, Data: 'y'.repeat(131_072) }));
    expect(await socket.next()).toHaveLength(131_072);
    const connection = await api.send(new GetConnectionCommand({ ConnectionId }));
    expect(connection.ConnectedAt).toBeInstanceOf(Date);
    expect(connection.Identity?.SourceIp).toBe('127.0.0.1');
    await api.send(new DeleteConnectionCommand({ ConnectionId }));
    expect(await socket.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    await expect(api.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }))).rejects.toBeInstanceOf(
      GoneException,
    );
  });

  test("errors map to the SDK's classes", async () => {
    const api = client(localCredentials);
    const unknown = new PostToConnectionCommand({ ConnectionId: 'R0oXAdfD0kwCH6w=', Data: 'x' });
    await expect(api.send(unknown)).rejects.toBeInstanceOf(GoneException);
    const malformed = new PostToConnectionCommand({ ConnectionId: 'nonsense', Data: 'x' });
    await expect(api.send(malformed)).rejects.toMatchObject({
      name: 'BadRequestException',
      message: 'Invalid connectionId: nonsense',
    });
    const large = new PostToConnectionCommand({ ConnectionId: 'R0oXAdfD0kwCH6w=', Data: 'x'.repeat(131_073) });
    await expect(api.send(large)).rejects.toBeInstanceOf(PayloadTooLargeException);
    const forged = client({ ...localCredentials, secretAccessKey: 'wrong' });
    await expect(forged.send(unknown)).rejects.toMatchObject({ name: 'ForbiddenException' });
    const unsigned = await fetch(`${stack.target.endpoints?.apiGatewayManagementApi}/@connections/R0oXAdfD0kwCH6w%3D`, {
      method: 'POST',
      body: 'x',
    });
    expect(unsigned.status).toBe(403);
  });
});
