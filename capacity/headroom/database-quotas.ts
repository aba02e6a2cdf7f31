/** The demand of a load on the connections of databases. */
import { reservedConnections } from '../../aws/rds-instances.ts';
import type { Coefficient } from '../demand/coefficients.ts';
import { atBusiest, concurrencyOf, costRate, sumOf } from '../demand/rates.ts';
import { mapKnown } from '../known.ts';
import type { DeployedDatabase, Deployment } from './deployment.ts';
import { demandOf, oneAtATime, type Quota, row, rowsFor } from './quota.ts';

/** How long a statement holds a connection of a proxy, with the way to the database and back. An assumption. */
const statementSeconds = 0.005;

/** Of each database: what it lets in, or what its proxy may lend. */
export const databaseQuotas = ({ databases = [] }: Deployment): Quota[] => rowsFor(databases, databaseRows);

function databaseRows({ maxConnections, functions, proxyPercent, statements }: DeployedDatabase): readonly Quota[] {
  const usable = Math.max(1, (maxConnections ?? 0) - reservedConnections);
  const isLent = proxyPercent !== null;
  const costs = Object.fromEntries(
    Object.entries(statements).map(([kind, value]): [string, Coefficient] => [
      kind,
      { kind: 'value', value, unit: `statements/${kind}`, method: 'model', basis: 'the code path' },
    ]),
  );
  return [
    row('databaseConnections', {
      isOwnLimit: true,
      ...(maxConnections === null && { onlyIfStated: true }),
      default: isLent ? Math.max(1, Math.floor((usable * proxyPercent) / 100)) : usable,
      grows: true,
      sentence: isLent
        ? `Statements/s of each kind of load × ${statementSeconds * 1_000} ms (an assumption) at the busiest moment: the proxy lends a connection for each. The limit is its share of max_connections, less ${reservedConnections} that PostgreSQL keeps.`
        : `One connection for each execution environment of ${functions.join(', ')} at the busiest moment, as many as run at once (Little’s law); environments that have become idle keep theirs, so a peak shortly before adds to it. The limit is max_connections of the instance class, less ${reservedConnections} that PostgreSQL keeps.`,
      demand: oneAtATime((load, coefficients, deployment) =>
        demandOf(
          atBusiest(load, (moment) =>
            isLent
              ? mapKnown(costRate(moment, costs), (perSecond) => perSecond * statementSeconds)
              : sumOf(functions.map((each) => concurrencyOf(each, moment, { coefficients, deployment }))),
          ),
        ),
      ),
    }),
  ];
}
