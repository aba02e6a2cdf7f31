/**
 * The local target with bare handlers: measures the gateway, the Lambda environments and the path between them. Argument: the
 * number of gateway processes. Reports its addresses over IPC, and ends with its parent.
 */
import { startSmallStack } from '../../local/testing/small-stack.ts';
import { bareHandlers } from './bare-handlers.ts';

const unlimited = { ratePerSecond: 1_000_000, burst: 1_000_000 };
const throttle = { ThrottlingRateLimit: 1_000_000, ThrottlingBurstLimit: 1_000_000 };

const stack = await startSmallStack({
  functions: bareHandlers,
  webSocketRoutes: { $connect: 'Connect', 'ping (two-way)': 'Ping' },
  stageProperties: { DefaultRouteSettings: throttle },
  // The quotas are not being measured: as high as the load needs.
  limits: { accountThrottle: unlimited, newConnections: unlimited, invocationsPerSecondPerConcurrency: 1_000_000 },
  gatewayProcesses: Number(process.argv[2] ?? 1),
});
const { webSocketUrl, endpoints, processIds } = stack.target;
process.send?.({ url: webSocketUrl, managementUrl: endpoints?.apiGatewayManagementApi, processIds });
const stop = () => void stack.stop().finally(() => process.exit(0));
process.on('disconnect', stop);
process.on('SIGTERM', stop);
