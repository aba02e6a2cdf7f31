declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    maxItemSizeKb?: number;
  }
  /** An HTTP server whose only request listener is DynamoDB, in memory. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
