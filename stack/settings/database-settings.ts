/** Settings of the store in PostgreSQL. */
import { z } from 'zod';

/** PostgreSQL takes no fewer (RDS parameter max_connections), and RDS no more. */
const [fewestConnections, mostConnections] = [6, 8_388_607];
export const databaseSettings = z
  .strictObject({
    /** Decides how many connections there are, and what they cost. */
    instanceClass: z
      .string()
      .regex(
        /^[a-z][a-z0-9]*\.(micro|small|medium|large|\d*xlarge)$/,
        'must be an instance class of RDS such as t4g.medium',
      )
      .default('t4g.micro'),
    storageGb: z.number().int().min(20).max(65_536).default(20),
    /** A second instance in another zone, which takes over within a minute or two. */
    multiAz: z.boolean().default(true),
    /** max_connections; null: what RDS gives the instance class. */
    maxConnections: z.number().int().min(fewestConnections).max(mostConnections).nullable().default(null),
    /** RDS Proxy, which lends connections: without it each Lambda environment has one of its own for as long as it lives, and each task its databaseConnections. */
    proxy: z.boolean().default(true),
    /** Of max_connections, for the proxy. */
    proxyConnectionsPercent: z.number().int().min(1).max(100).default(100),
    /** How long the proxy lets a client wait for a connection. */
    borrowTimeoutSeconds: z.number().int().min(0).max(300).default(120),
    /** Functions in the network reach SQS, Secrets Manager and @connections through these: one, or one in each of the two zones. With compute server there are none: tasks have public addresses. */
    natGateways: z.number().int().min(1).max(2).default(1),
  })
  .prefault({});
