/** More would be more than any machine has cores for. */
export const maxGatewayProcesses = 32;
