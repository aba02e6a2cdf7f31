import { expect, test } from 'vitest';
import { exampleGraph } from '../graph/example.fixture.ts';
import { inLogicalIds } from './refusals.ts';

test.each([
  ['newConnections', 'newConnections'],
  ['reservedConcurrency chat-Send', 'reservedConcurrency Send'],
  ['webSocketApiThrottle abc123 $connect', 'webSocketApiThrottle Chat $connect'],
  ['httpApiThrottle def456 POST /orders', 'httpApiThrottle Orders POST /orders'],
  ['dynamodbTableWrite chat-connections', 'dynamodbTableWrite Connections'],
  ['sqsInFlightMessages elsewhere', 'sqsInFlightMessages elsewhere'],
])('what refused %s is named %s', (counted, named) => {
  expect(inLogicalIds(counted, exampleGraph())).toBe(named);
});
