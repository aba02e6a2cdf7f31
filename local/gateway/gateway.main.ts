/** The process that serves API Gateway, Lambda, CloudWatch and Secrets Manager. */
import { runChild } from '../process/child.ts';
import type { GatewayConfiguration, GatewayReady } from '../process/messages.ts';
import { startGateway } from './gateway.ts';

runChild<GatewayConfiguration, GatewayReady>((configuration, report) =>
  startGateway(configuration, (faults) => report({ kind: 'spreadFaults', faults })),
);
