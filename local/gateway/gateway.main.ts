/** The process that serves API Gateway, Lambda, CloudWatch and Secrets Manager. */
import { runChild } from '../process/child.ts';
import type { GatewayConfiguration, GatewayReady } from '../process/messages.ts';
import { killAfterMsOf } from '../process/spawned-part.ts';
import { startGateway } from './gateway.ts';

runChild<GatewayConfiguration, GatewayReady>(
  (configuration, report) =>
    startGateway(configuration, {
      spreadFaults: (faults) => report({ kind: 'spreadFaults', faults }),
      onKilled: (name) => report({ kind: 'killed', name }),
      onNotices: (notices) => report({ kind: 'notices', notices }),
    }),
  { stopLimitMs: killAfterMsOf.gateway - 1_000 },
);
