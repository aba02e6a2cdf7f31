/** AWS has no account of all zeros, but it is the only one that fauxqs supports. */
export const localAccountId = '000000000000';
