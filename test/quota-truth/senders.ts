/** One request through each entry point, and whether its quota refused it. */
import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { ProbeSocket, Subject } from '../conformance/subject.ts';
import { NotOnTime, type Outcome } from './open-loop.ts';

type Send = (index: number) => Promise<Outcome>;

/** `refusedWith`: the status of the quota in question; any other answer was admitted by it. */
export function httpSender(subject: Subject, path: string, refusedWith: number): Send {
  return async () => {
    const answer = await subject.http(path);
    await answer.arrayBuffer();
    return answer.status === refusedWith ? 'refused' : 'accepted';
  };
}

export function handshakeSender(subject: Subject): Send {
  return async () => {
    const { status } = await subject.handshake({});
    if (status !== 101 && status !== 429) throw new Error(`a handshake was answered ${status}`);
    return status === 101 ? 'accepted' : 'refused';
  };
}

/** Each message uses a socket with no other answer pending, so that the refused one is known. */
export async function messageSender(subject: Subject, sockets: number): Promise<Send> {
  const free: ProbeSocket[] = [];
  for (let index = 0; index < sockets; index++) free.push(await subject.connect({}));
  return async () => {
    const socket = free.pop();
    if (socket === undefined) throw new NotOnTime(`all ${sockets} sockets were waiting for an answer`);
    const answer = await socket.ask('{"say":"served"}');
    free.push(socket);
    return answer.startsWith('{"message": "Too Many Requests"') ? 'refused' : 'accepted';
  };
}

export async function postSender(subject: Subject): Promise<Send> {
  const socket = await subject.connect({});
  const event = JSON.parse(await socket.ask('{}')) as { requestContext: { connectionId: string } };
  const { connectionId: ConnectionId } = event.requestContext;
  return () =>
    subject.management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' })).then(
      () => 'accepted',
      (error) => refusedBy(error, 'LimitExceededException'),
    );
}

/** Entry points in rotation, one per request. */
export function inTurn(senders: readonly Send[]): Send {
  return (index) => {
    const send = senders[index % senders.length];
    if (send === undefined) throw new Error('no sender given');
    return send(index);
  };
}

const throttled = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'];

/** Writes of one unit. `keys`: over how many partition keys. */
export function writeSender(subject: Subject, keys: number): Send {
  const TableName = subject.description.resources.tableName;
  return (index) =>
    subject.dynamodb
      .send(new PutItemCommand({ TableName, Item: { pk: { S: `k${index % keys}` }, sk: { S: 'x' } } }))
      .then(
        () => 'accepted',
        (error) => refusedBy(error, ...throttled),
      );
}

/** Consistent reads of one unit. */
export function readSender(subject: Subject, keys: number): Send {
  const TableName = subject.description.resources.tableName;
  return (index) =>
    subject.dynamodb
      .send(
        new GetItemCommand({
          TableName,
          Key: { pk: { S: `k${index % keys}` }, sk: { S: 'x' } },
          ConsistentRead: true,
        }),
      )
      .then(
        () => 'accepted',
        (error) => refusedBy(error, ...throttled),
      );
}

function refusedBy(error: unknown, ...names: readonly string[]): 'refused' {
  if (error instanceof Error && names.includes(error.name)) return 'refused';
  throw error;
}
