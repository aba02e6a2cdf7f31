/** Brings the tables up to date: applies the migrations that have not been. Several may do it at once. */
import type { PostgresCall } from './postgres-call.ts';
import { migrations } from './schema.ts';

/** Any number of this application's own: whoever migrates holds the lock of that name until its transaction ends. */
const lockName = 6_201_611;

/** Of functions and tasks: it may read and write rows, and change nothing else. */
interface Role {
  name: string;
  password: string;
  /** With a token of IAM, and no password. */
  signsInAsItself: boolean;
}

export interface Roles {
  app: Role;
  /** Of the functions that delete expired rows and say what is finished: it signs in as itself, and adds no rows. */
  upkeep: string;
}

/** Connections that are never the app's: one for each function of upkeep, which run one at a time each and close theirs. */
const upkeepConnections = 2;
/** What else PostgreSQL and RDS keep for themselves; a server that has no such setting keeps none. Source: PostgreSQL manual, "Connection settings". */
const keptBy = [
  'superuser_reserved_connections',
  'reserved_connections',
  'rds.rds_superuser_reserved_connections',
  'rds.rds_reserved_connections',
];

/** One text, and so one transaction with all that is missing or nothing; without parameters, which several statements in one text cannot have. */
export async function migrate(call: PostgresCall, roles: Roles | null): Promise<void> {
  const steps = migrations.map(({ version, statements }) => {
    const record = `insert into schema_migrations (version) values (${version})`;
    return unless(`exists (select from schema_migrations where version = ${version})`, [...statements, record]);
  });
  await call(
    [
      `select pg_advisory_xact_lock(${lockName})`,
      'create table if not exists schema_migrations (version int primary key, applied_at timestamptz not null default now())',
      block(steps),
      ...(roles === null ? [] : [...grantsOf(roles.app), ...upkeepOf(roles)]),
    ].join(';\n'),
  );
}

/** The app's connections run out before the server's do: whoever looks after the rows, or asks for them, finds one free. */
function upkeepOf({ app, upkeep }: Roles): string[] {
  const role = identifier(upkeep);
  const kept = keptBy.map((name) => `coalesce(nullif(current_setting('${name}', true), '')::int, 0)`).join(' - ');
  const most = `greatest(1, current_setting('max_connections')::int - ${kept} - ${upkeepConnections})`;
  return [
    made(upkeep),
    `alter role ${role} with login`,
    `grant rds_iam to ${role}`,
    // An update is what locks the rows that are deleted.
    `grant select, update, delete on all tables in schema public to ${role}`,
    block([`execute format('alter role %I connection limit %s', ${literal(app.name)}, ${most});`]),
  ];
}

const made = (name: string): string =>
  block([
    unless(`exists (select from pg_roles where rolname = ${literal(name)})`, [`create role ${identifier(name)}`]),
  ]);

function grantsOf({ name, password, signsInAsItself }: Role): string[] {
  const role = identifier(name);
  return [
    made(name),
    `alter role ${role} with login password ${signsInAsItself ? 'null' : literal(password)}`,
    // RDS has this role: with it IAM is asked, and no password counts any more.
    signsInAsItself
      ? `grant rds_iam to ${role}`
      : block([unless(`not exists (${isMember(name)})`, [`revoke rds_iam from ${role}`])]),
    `grant select, insert, update, delete on all tables in schema public to ${role}`,
  ];
}

const isMember = (name: string): string =>
  `select from pg_auth_members m join pg_roles held on held.oid = m.roleid join pg_roles holder on holder.oid = m.member
   where held.rolname = 'rds_iam' and holder.rolname = ${literal(name)}`;

const block = (steps: readonly string[]): string => `do ${literal(`begin\n${steps.join('\n')}\nend`)}`;

const unless = (condition: string, statements: readonly string[]): string =>
  `if not ${condition} then ${statements.map((one) => `execute ${literal(one)};`).join(' ')} end if;`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
