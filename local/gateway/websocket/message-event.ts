/** The event of one message as JSON text, exactly `JSON.stringify(messageEvent(…))`, at a fraction of its price: what a connection repeats is kept. */
import { requestTime } from '../request-time.ts';
import type { ConnectionFacts } from './websocket-events.ts';

interface MessageMoment {
  requestId: string;
  messageId: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
  routeKey: string;
  body: string;
}

/** The parts between what changes from message to message. */
interface FixedParts {
  afterDirection: string;
  identity: string;
  afterRequestId: string;
  end: string;
}

const fixedParts = new WeakMap<ConnectionFacts, FixedParts>();

/** Ids are of the gateway's own making and need no escaping. */
export function messageEventText(connection: ConnectionFacts, moment: MessageMoment): string {
  const fixed = fixedParts.get(connection) ?? keep(connection);
  const { requestId, messageId, nowMs, routeKey, body } = moment;
  return (
    `{"requestContext":{"routeKey":${JSON.stringify(routeKey)},"messageId":"${messageId}","eventType":"MESSAGE",` +
    `"extendedRequestId":"${requestId}","requestTime":"${requestTime(nowMs)}",${fixed.afterDirection}${nowMs},` +
    `${fixed.identity},"requestId":"${requestId}",${fixed.afterRequestId}},"body":${JSON.stringify(body)},${fixed.end}}`
  );
}

function keep(connection: ConnectionFacts): FixedParts {
  const text = (value: unknown) => JSON.stringify(value);
  const { stage, connectedAtMs, identity, domainName, connectionId, apiId, authorizer, stageVariables } = connection;
  const parts = {
    afterDirection: `"messageDirection":"IN","stage":${text(stage)},"connectedAt":${connectedAtMs},"requestTimeEpoch":`,
    identity: `"identity":${text(identity)}`,
    afterRequestId:
      `"domainName":${text(domainName)},"connectionId":${text(connectionId)},"apiId":${text(apiId)}` +
      (authorizer === null ? '' : `,"authorizer":${text(authorizer)}`),
    end: `"isBase64Encoded":false${Object.keys(stageVariables).length > 0 ? `,"stageVariables":${text(stageVariables)}` : ''}`,
  };
  fixedParts.set(connection, parts);
  return parts;
}
