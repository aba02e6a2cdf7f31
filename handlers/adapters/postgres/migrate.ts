/** Brings the tables up to date: applies the migrations that have not been. Several may do it at once. */
import type { PostgresCall } from './postgres-call.ts';
import { migrations } from './schema.ts';

/** Any number of this application's own: whoever migrates holds the lock of that name until its transaction ends. */
const lockName = 6_201_611;

/** Of the functions: it may read and write rows, and change nothing else. */
export interface Role {
  name: string;
  password: string;
  /** With a token of IAM, and no password. */
  signsInAsItself: boolean;
}

/** One text, and so one transaction with all that is missing or nothing; without parameters, which several statements in one text cannot have. */
export async function migrate(call: PostgresCall, role: Role | null): Promise<void> {
  const steps = migrations.map(({ version, statements }) => {
    const record = `insert into schema_migrations (version) values (${version})`;
    return unless(`exists (select from schema_migrations where version = ${version})`, [...statements, record]);
  });
  await call(
    [
      `select pg_advisory_xact_lock(${lockName})`,
      'create table if not exists schema_migrations (version int primary key, applied_at timestamptz not null default now())',
      block(steps),
      ...(role === null ? [] : grants(role)),
    ].join(';\n'),
  );
}

function grants({ name, password, signsInAsItself }: Role): string[] {
  const role = identifier(name);
  return [
    block([unless(`exists (select from pg_roles where rolname = ${literal(name)})`, [`create role ${role}`])]),
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
