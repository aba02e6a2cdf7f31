/** What a run needs of this machine, judged from what was read of it. Pure. */
import { maxConnectionsPerAddress } from '../../engine/src/core/fleet/fleet-spec.ts';
import { type Check, failure, ok, warning } from './check.ts';

export interface Machine {
  /** As in `process.versions.node`. */
  node: string;
  /** Of a process; null: unknown, or no limit. */
  maxDescriptors: number | null;
  /** Ephemeral ports of an address, and TCP sockets of the machine that hold one; null: unknown. */
  ports: { ofAddress: number; inUse: number } | null;
  cores: number;
  /** Of other processes: the load average of a minute over the cores; null: unknown. */
  busyShare: number | null;
  /** What a process may use, whatever limits it: the machine or its control group. */
  memoryBytes: number;
  freeMemoryBytes: number;
  /** Whether the system keeps its clock synchronised; null: unknown. */
  isClockSynchronised: boolean | null;
  /** UTC, in ms. */
  nowMs: number;
  /** A connection to 127.0.0.1 through a free port: null where it works, otherwise the reason. */
  loopbackProblem: string | null;
  /** Why nothing can be written there, by what it is for; null where it can be. */
  folders: readonly { name: string; path: string; problem: string | null; freeBytes: number | null }[];
  /** Version of the load generator, or why it is not there. */
  artillery: { version: string } | { problem: string };
  /** Of Git, and the Python that translates SAM templates (LOADLINE_PYTHON); null: not there. */
  programs: Readonly<Record<'git' | 'python', string | null>>;
}

const gib = 1_073_741_824;
/** What start of the command checks as well (scripts/loadline.js), and what CI tests with. */
const testedNode = 24;
/** Of a process beside its connections: modules, pipes, files (engine/src/step/fleet-plan.ts). */
const spareDescriptors = 256;
/** Of the default benchmark. */
const usualConnections = 1_000;
const fewPorts = 5_000;
/** Loadline's first day: a clock before it is wrong. */
const firstDayMs = Date.UTC(2026, 9, 1);

export function machineChecks(machine: Machine): Check[] {
  return [
    nodeCheck(machine),
    descriptorCheck(machine),
    portCheck(machine),
    coreCheck(machine),
    memoryCheck(machine),
    clockCheck(machine),
    loopbackCheck(machine),
    ...machine.folders.map(folderCheck),
    ...toolChecks(machine),
  ];
}

function nodeCheck({ node }: Machine): Check {
  const major = Number(node.split('.')[0]);
  if (major >= testedNode) return ok('Node', node);
  return warning(
    'Node',
    `${node}, which is enough; tested with ${testedNode}`,
    `Use Node ${testedNode} where you can choose.`,
  );
}

function descriptorCheck({ maxDescriptors }: Machine): Check {
  if (maxDescriptors === null) return ok('open files', 'no limit');
  const connections = Math.min(maxConnectionsPerAddress, Math.max(0, maxDescriptors - spareDescriptors));
  const found = `${whole(maxDescriptors)} a process: about ${whole(connections)} connections each`;
  if (connections >= usualConnections) return ok('open files', found);
  const next =
    'Raise the limit in this shell: ulimit -n 20000 (for good: nofile in /etc/security/limits.conf, or LimitNOFILE of a service).';
  return connections < 50 ? failure('open files', found, next) : warning('open files', found, next);
}

function portCheck({ ports }: Machine): Check {
  if (ports === null) return ok('ports', 'not known on this system');
  const free = Math.max(0, ports.ofAddress - ports.inUse);
  const found = `${whole(free)} of ${whole(ports.ofAddress)} are free for connections from one address`;
  if (free >= fewPorts) return ok('ports', found);
  return warning(
    'ports',
    found,
    'Wait until other connections are gone (TIME_WAIT lasts a minute), or widen net.ipv4.ip_local_port_range.',
  );
}

function coreCheck({ cores, busyShare }: Machine): Check {
  const found = `${cores}${busyShare === null ? '' : `, ${Math.round(Math.min(busyShare, 9.99) * 100)}% in use`}`;
  if (cores < 2)
    return warning(
      'cores',
      found,
      'The load generator and a local target share one core: expect invalid runs above a few hundred messages/s.',
    );
  if (busyShare !== null && busyShare > 0.7)
    return warning('cores', found, 'Other programs use this machine: end them before a run that is to be valid.');
  return ok('cores', found);
}

function memoryCheck({ memoryBytes, freeMemoryBytes }: Machine): Check {
  const found = `${gigabytes(memoryBytes)}, of which ${gigabytes(freeMemoryBytes)} are free`;
  if (memoryBytes < gib)
    return failure('memory', found, 'A run with a local target needs 1 GB: use a larger machine or container.');
  if (freeMemoryBytes < gib)
    return warning(
      'memory',
      found,
      'A run with a local target needs about 1 GB: end other programs, or lower --connections.',
    );
  return ok('memory', found);
}

function clockCheck({ isClockSynchronised, nowMs }: Machine): Check {
  const found = new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ');
  if (nowMs < firstDayMs)
    return failure(
      'clock',
      `${found} UTC, in the past`,
      'Set the clock: tokens and signatures are refused, and dates of reports are wrong.',
    );
  if (isClockSynchronised === false)
    return warning(
      'clock',
      `${found} UTC, not synchronised`,
      'Switch it on (timedatectl set-ntp true): AWS refuses signatures that are 5 min off.',
    );
  return ok('clock', `${found} UTC${isClockSynchronised === null ? '' : ', synchronised'}`);
}

function loopbackCheck({ loopbackProblem }: Machine): Check {
  if (loopbackProblem === null) return ok('loopback', '127.0.0.1 takes connections');
  return failure(
    'loopback',
    `127.0.0.1 takes no connection: ${loopbackProblem}`,
    'Allow it in the firewall or sandbox: the local target is there.',
  );
}

function folderCheck({ name, path, problem, freeBytes }: Machine['folders'][number]): Check {
  if (problem !== null)
    return failure(name, `${path} cannot be written: ${problem}`, nextOfFolder[name] ?? 'Choose another place.');
  const found = `${path}${freeBytes === null ? '' : `, ${gigabytes(freeBytes)} free`}`;
  if (freeBytes !== null && freeBytes < gib) return warning(name, found, 'A long run writes some 100 MB: make room.');
  return ok(name, found);
}

const nextOfFolder: Readonly<Record<string, string>> = {
  'run folders': 'Go to a folder of your own, or name one with --runs.',
  temporary: 'Name another with TMPDIR.',
};

function toolChecks({ artillery, programs }: Machine): Check[] {
  return [
    'version' in artillery
      ? ok('Artillery', artillery.version)
      : failure('Artillery', artillery.problem, 'Run npm ci, or install Loadline again.'),
    programs.git === null
      ? warning('git', 'not found', 'Reports will not name the commit; nothing else needs it.')
      : ok('git', programs.git),
    programs.python === null
      ? ok('Python', 'not found; only SAM templates, and functions in Python on the local target, need it')
      : ok('Python', programs.python),
  ];
}

const whole = (count: number): string => Math.round(count).toLocaleString('en-US');
const gigabytes = (bytes: number): string => `${(bytes / gib).toFixed(1)} GB`;
