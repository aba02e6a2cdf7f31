/** All cases. */
import { quotaTruthCases } from '../../quota-truth/cases.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { cloudWatchCases } from './cloudwatch-api.ts';
import { connectionsApiCases } from './connections-api.ts';
import { eventSourceCases } from './event-source.ts';
import { eventCases } from './events.ts';
import { frameCases } from './frames.ts';
import { functionCases } from './functions.ts';
import { gatewayMetricCases } from './gateway-metrics.ts';
import { handshakeCases } from './handshake.ts';
import { httpApiCases } from './http-api.ts';
import { httpAuthorizerCases } from './http-authorizers.ts';
import { integrationCases } from './integration.ts';
import { lambdaMetricCases } from './lambda-metrics.ts';
import { orderedQueueCases } from './ordered-queues.ts';
import { queueMetricCases } from './queue-metrics.ts';
import { queueCases } from './queues.ts';
import { restApiCases } from './rest-api.ts';
import { routingCases } from './routing.ts';
import { tableMetricCases } from './table-metrics.ts';
import { tableCases } from './tables.ts';
import { transactionCases } from './transactions.ts';

export const cases: readonly ConformanceCase[] = [
  ...handshakeCases,
  ...eventCases,
  ...routingCases,
  ...integrationCases,
  ...frameCases,
  ...connectionsApiCases,
  ...httpApiCases,
  ...httpAuthorizerCases,
  ...restApiCases,
  ...functionCases,
  ...queueCases,
  ...orderedQueueCases,
  ...eventSourceCases,
  ...tableCases,
  ...transactionCases,
  ...cloudWatchCases,
  ...gatewayMetricCases,
  ...lambdaMetricCases,
  ...queueMetricCases,
  ...tableMetricCases,
  ...quotaTruthCases,
];
