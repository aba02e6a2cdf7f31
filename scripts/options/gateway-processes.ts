/** How many processes of a local target hold the WebSockets. */
import { maxGatewayProcesses } from '../../local/gateway-processes.ts';
import { number } from './values.ts';

export const gatewayProcesses = (text: string): number =>
  number(
    text,
    (value) => Number.isInteger(value) && value >= 1 && value <= maxGatewayProcesses,
    `a whole number from 1 to ${maxGatewayProcesses}`,
  );
