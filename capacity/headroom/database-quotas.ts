/** The demand of a load on the connections of databases. */
import { reservedConnections } from '../../aws/rds-instances.ts';
import type { Coefficient } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import { atBusiest, concurrencyOf, costRate, sumOf } from '../demand/rates.ts';
import { type Known, mapKnown } from '../known.ts';
import type { DeployedDatabase, Deployment } from './deployment.ts';
import { demandOf, oneAtATime, type Quota, row, rowsFor } from './quota.ts';

/** What whoever uses it may have of a database, or what its proxy may lend. The stack keeps some for itself, and PostgreSQL others. */
export function usableConnections({ maxConnections, proxyPercent, upkeepConnections = 0 }: DeployedDatabase): number {
  const usable = Math.max(1, (maxConnections ?? 0) - reservedConnections - upkeepConnections);
  return proxyPercent === null ? usable : Math.max(1, Math.floor((usable * proxyPercent) / 100));
}

/** Of both rows: that of functions, and that of tasks. */
export const keptSentence = ({ upkeepConnections = 0 }: DeployedDatabase): string =>
  `less ${reservedConnections} that PostgreSQL keeps${upkeepConnections === 0 ? '' : ` and ${upkeepConnections} for what looks after the rows`}`;

/** How long a statement holds a connection of a proxy, with the way to the database and back. An assumption. */
const statementSeconds = 0.005;

export const lentSentence = (database: DeployedDatabase): string =>
  `Statements/s of each kind of load × ${statementSeconds * 1_000} ms (an assumption) at the busiest moment: the proxy lends a connection for each. The limit is its share of max_connections, ${keptSentence(database)}.`;

/** Of each database: what it lets in, or what its proxy may lend. */
export const databaseQuotas = ({ databases = [] }: Deployment): Quota[] => rowsFor(databases, databaseRows);

/** Connections of a proxy that statements hold at the busiest moment. */
export function lentAtBusiest(load: Load, { statements }: DeployedDatabase): Known<number> {
  const costs = Object.fromEntries(
    Object.entries(statements).map(([kind, value]): [string, Coefficient] => [
      kind,
      { kind: 'value', value, unit: `statements/${kind}`, method: 'model', basis: 'the code path' },
    ]),
  );
  return atBusiest(load, (moment) => mapKnown(costRate(moment, costs), (perSecond) => perSecond * statementSeconds));
}

function databaseRows(database: DeployedDatabase): readonly Quota[] {
  const { maxConnections, functions, proxyPercent } = database;
  const isLent = proxyPercent !== null;
  return [
    row('databaseConnections', {
      isOwnLimit: true,
      ...(maxConnections === null && { onlyIfStated: true }),
      default: usableConnections(database),
      grows: true,
      sentence: isLent
        ? lentSentence(database)
        : `One connection for each execution environment of ${functions.join(', ')} at the busiest moment, as many as run at once (Little’s law); environments that have become idle keep theirs, so a peak shortly before adds to it. The limit is max_connections of the instance class, ${keptSentence(database)}.`,
      demand: oneAtATime((load, coefficients, deployment) =>
        demandOf(
          isLent
            ? lentAtBusiest(load, database)
            : atBusiest(load, (moment) =>
                sumOf(functions.map((each) => concurrencyOf(each, moment, { coefficients, deployment }))),
              ),
        ),
      ),
    }),
  ];
}
