/**
 * One real PostgreSQL server: its data in a temporary folder of its own, reached by a Unix socket in it and no port. It never outlives this process, however
 * that ends: a shell whose input this process holds open ends the server and removes the folder when the input ends.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { type ServerUser, serverUser } from './server-user.ts';
import { authenticationOk, startupMessage } from './wire.ts';

/** The only superuser, whom only this process signs in as. */
export const superuser = 'loadline_superuser';
const socketPort = 5432;
/** Ends a wait that would not end: the machine may be busy. */
const startLimitMs = 120_000;
const watchdogScript = `
cat > /dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null)
[ -n "$pid" ] && kill -QUIT "$pid" 2> /dev/null
n=0
while [ -n "$pid" ] && kill -0 "$pid" 2> /dev/null; do
  n=$((n + 1)); [ $n -gt 50 ] && kill -KILL "$pid"
  sleep 0.1
done
rm -rf "$1"
`;

const run = promisify(execFile);

export interface DatabaseServerOptions {
  binaries: Binaries;
  /** As PostgreSQL counts them: with those that it keeps for superusers. */
  maxConnections: number;
  /** Names of a role that may make others, and of its database. */
  owner: string;
  database: string;
  /** What it writes in its log. */
  onLog: (text: string) => void;
  /** It has ended, though nobody stopped it. */
  onCrash: () => void;
}

export class DatabaseServer {
  readonly socketPath: string;
  /** As `15.17`. */
  readonly version: string;
  readonly #options: DatabaseServerOptions;
  /** Of its data and its socket; its user's and root's only. */
  readonly folder: string;
  readonly #user: ServerUser | null;
  readonly #watchdog: ChildProcess;
  #process: ChildProcess | null = null;
  #stopping = false;

  private constructor(
    options: DatabaseServerOptions,
    at: { folder: string; user: ServerUser | null; version: string; watchdog: ChildProcess },
  ) {
    this.#options = options;
    this.folder = at.folder;
    this.#user = at.user;
    this.version = at.version;
    this.#watchdog = at.watchdog;
    this.socketPath = join(at.folder, `.s.PGSQL.${socketPort}`);
  }

  /** @throws one sentence when it cannot be made or does not start. */
  static async start(given: DatabaseServerOptions): Promise<DatabaseServer> {
    const user = serverUser();
    const folder = makeFolder(user);
    const { owner, database } = given;
    const watchdog = spawn('sh', ['-c', watchdogScript, 'sh', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      // In a group of its own: what ends this process's group leaves it its work.
      detached: true,
      ...idOf(user),
    });
    watchdog.on('error', () => {});
    try {
      const binaries = await reachedBy(user, given.binaries, folder);
      const program = (name: string, parameters: readonly string[]) =>
        run(join(binaries.folder, name), [...parameters], { cwd: folder, env: environment(), ...idOf(user) });
      const { stdout } = await program('postgres', ['--version']);
      const data = join(folder, 'data');
      const ofCluster = ['--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
      await program('initdb', ['-D', data, '-U', superuser, ...ofCluster]);
      const made = new DatabaseServer({ ...given, binaries }, { folder, user, version: versionOf(stdout), watchdog });
      await made.#runSingle([
        'create role rds_iam',
        `create role "${owner}" login createrole createdb`,
        `grant rds_iam to "${owner}" with admin option`,
        `create database "${database}" owner "${owner}"`,
      ]);
      await made.#spawn();
      return made;
    } catch (cause) {
      watchdog.stdin?.end();
      const reason = cause instanceof Error ? cause.message.trim().split('\n').slice(0, 3).join(' ') : String(cause);
      throw new Error(`PostgreSQL (${given.binaries.folder}) did not start: ${reason}`, { cause });
    }
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts it again with its data. Settles when it answers. */
  async restart(): Promise<void> {
    const endsAtMs = performance.now() + startLimitMs;
    for (;;) {
      try {
        return await this.#spawn();
      } catch (error) {
        // Processes of the one before may not have ended yet.
        if (this.#stopping || performance.now() > endsAtMs) throw error;
        await sleep(100);
      }
    }
  }

  /** Settles when it has ended and its folder is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#watchdog.exitCode !== null || this.#watchdog.signalCode !== null) return;
    const gone = once(this.#watchdog, 'exit');
    this.#watchdog.stdin?.end();
    await gone;
  }

  async #runSingle(statements: readonly string[]): Promise<void> {
    const child = spawn(
      join(this.#options.binaries.folder, 'postgres'),
      ['--single', '-D', join(this.folder, 'data'), '-c', 'fsync=off', 'postgres'],
      { cwd: this.folder, env: environment(), stdio: ['pipe', 'ignore', 'pipe'], ...idOf(this.#user) },
    );
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdin.end(statements.map((statement) => `${statement}\n`).join(''));
    const [code] = await once(child, 'exit');
    if (code !== 0 || /ERROR|FATAL/.test(said)) throw new Error(said.trim() || `it ended with ${code}`);
  }

  async #spawn(): Promise<void> {
    const settings = {
      listen_addresses: '',
      unix_socket_directories: this.folder,
      port: socketPort,
      max_connections: this.#options.maxConnections,
      shared_buffers: '64MB',
      // What was committed survives the end of its processes, not that of the machine: nothing here outlives either.
      fsync: 'off',
      full_page_writes: 'off',
      logging_collector: 'off',
    };
    const child = spawn(
      join(this.#options.binaries.folder, 'postgres'),
      [
        '-D',
        join(this.folder, 'data'),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      { cwd: this.folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...idOf(this.#user) },
    );
    this.#process = child;
    let ended = false;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => this.#options.onLog(chunk.toString()));
    let ready = false;
    child.once('error', () => {
      ended = true;
    });
    child.once('exit', () => {
      ended = true;
      if (ready && !this.#stopping) this.#options.onCrash();
    });
    const endsAtMs = performance.now() + startLimitMs;
    while (!(await answers(this.socketPath))) {
      if (ended) throw new Error('it ended as it started');
      if (performance.now() > endsAtMs) throw new Error(`it did not answer within ${startLimitMs / 1_000} s`);
      await sleep(20);
    }
    ready = true;
  }
}

function makeFolder(user: ServerUser | null): string {
  // A path of a Unix socket has 107 bytes at most; and a folder for temporary files of root's own lets nobody else in, or nobody else remove a folder.
  const isFit = tmpdir().length <= 60 && (user === null || (letsIn(tmpdir(), user) && mayWrite(tmpdir(), user)));
  const parent = isFit || !existsSync('/tmp') ? tmpdir() : '/tmp';
  const folder = mkdtempSync(join(parent, 'loadline-postgres-'));
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  if (user) for (const each of [folder, join(folder, 'data')]) chownSync(each, user.uid, user.gid);
  return folder;
}

/** Root's own folders let nobody else in: the embedded programs, which need nothing outside their folder, are copied to where their user comes to. */
async function reachedBy(user: ServerUser | null, binaries: Binaries, folder: string): Promise<Binaries> {
  if (binaries.source === 'installed' || user === null || letsIn(binaries.folder, user)) return binaries;
  const copied = join(folder, 'programs');
  cpSync(dirname(binaries.folder), copied, { recursive: true, verbatimSymlinks: true });
  // Who ends the server removes its folder as well.
  await run('chown', ['-R', `${user.uid}:${user.gid}`, copied]);
  return { ...binaries, folder: join(copied, 'bin') };
}

/** Whether a user may go through a folder and all above it. */
const letsIn = (folder: string, user: ServerUser): boolean =>
  may(folder, user, 0o1) && (dirname(folder) === folder || letsIn(dirname(folder), user));

/** Whether a user may make and remove what is in a folder. */
const mayWrite = (folder: string, user: ServerUser): boolean => may(folder, user, 0o3);

/** `rights`: of read 4, write 2 and pass 1, all that are needed. */
function may(folder: string, { uid, gid }: ServerUser, rights: number): boolean {
  const { mode, uid: owner, gid: group } = statSync(folder);
  const given = owner === uid ? mode >> 6 : group === gid ? mode >> 3 : mode;
  return (given & rights) === rights;
}

const idOf = (user: ServerUser | null) => (user ? { uid: user.uid, gid: user.gid } : {});

/** None of the caller's: PGDATA, PGPORT and the like would change the server. */
const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' });

const versionOf = (text: string): string => /\d+(\.\d+)*/.exec(text)?.[0] ?? 'unknown';

/** Whether it takes connections: while it starts it refuses them, with an error. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    socket.write(startupMessage({ user: superuser, database: 'postgres' }));
    const [first]: Buffer[] = await once(socket, 'data');
    return first?.[0] === authenticationOk[0];
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
