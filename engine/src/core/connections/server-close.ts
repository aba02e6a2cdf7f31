/** How a target closed a connection. `code` 1006: without a close frame. */
export interface ServerClose {
  code: number;
  reason: string;
}
