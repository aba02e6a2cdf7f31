/** What a usage plan does not have to say, with what is taken in its place. */

/** Bytes of a handshake. Assumptions: a JWT with a user and a few patterns of channels; what a browser sends, without cookies. */
export const assumedTokenBytes = 400;
export const assumedHeaderBytes = 1_000;
/** An outage that nobody notices before the next working day. An assumption. */
export const assumedOutageSeconds = 86_400;

/** Of the client for the browser, in seconds: docs/reference/protocol.md, "What a client does". */
export const clientSeconds = { stage: 30, poll: 10 } as const;
