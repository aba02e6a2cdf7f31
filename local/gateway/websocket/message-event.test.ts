import { expect, test } from 'vitest';
import { messageEventText } from './message-event.ts';
import { type ConnectionFacts, messageEvent } from './websocket-events.ts';

const bare: ConnectionFacts = {
  connectionId: 'AbCdEdnOjoECGjA=',
  apiId: 'abc123',
  stage: 'prod',
  stageVariables: {},
  domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
  connectedAtMs: 1_771_485_102_789,
  identity: { sourceIp: '203.0.113.7' },
  authorizer: null,
};
const full: ConnectionFacts = {
  ...bare,
  stageVariables: { color: 'blue "ish"' },
  identity: { userAgent: 'a "quoted"\\ agent', sourceIp: '203.0.113.7' },
  authorizer: { principalId: 'ü', n: '1' },
};

test.each([
  ['without', bare],
  ['with', full],
])('the text of an event is that of the whole object, %s the optional parts', (_name, facts) => {
  for (const [index, body] of ['{}', 'a "b" \\ \u2028 \u{1f600}', '', '\ud800'].entries()) {
    const nowMs = 1_771_485_102_790 + index * 700;
    const moment = { requestId: `R${index}=`, messageId: 'M=', nowMs, routeKey: 'r"1', body };
    expect(messageEventText(facts, moment)).toBe(JSON.stringify(messageEvent(facts, moment)));
  }
});
