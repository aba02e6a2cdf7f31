/** How many processes of a local target may hold the WebSockets; apart, because the command's help and completion name it and load nothing else. */

/** More would be more than any machine has cores for. */
export const maxGatewayProcesses = 32;
