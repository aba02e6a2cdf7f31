/** Installs the peers into a temporary folder, each from its own registry; one that cannot be had is skipped, with the reason on stderr. */
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Contender {
  name: string;
  /** Of its entry in this folder. */
  entry: string;
  args: readonly string[];
}

const installLimitMs = 300_000;
const serverlessOffline = 'serverless-offline@14.8.2';
const ministack = 'ministack==1.5.33';

function installed(name: string, install: () => void): boolean {
  try {
    install();
    return true;
  } catch (error) {
    console.error(`${name} could not be installed, so it is skipped: ${String(error).split('\n')[0]}`);
    return false;
  }
}

const quietly: ExecFileSyncOptions = { stdio: ['ignore', 'ignore', 'pipe'], timeout: installLimitMs };

/** Takes a minute or two. */
export function installPeers(folder: string): Contender[] {
  const peers: Contender[] = [];
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const npm = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', serverlessOffline];
  if (installed(serverlessOffline, () => execFileSync('npm', npm, { cwd: folder, ...quietly }))) {
    const entry = 'serverless-offline';
    peers.push({ name: 'serverless-offline, worker threads', entry, args: [folder, 'worker'] });
    peers.push({ name: 'serverless-offline, in process', entry, args: [folder, 'inProcess'] });
  }
  const environment = join(folder, 'python');
  const pip = [
    join(environment, 'bin', 'pip'),
    'install',
    '--quiet',
    '--disable-pip-version-check',
    ministack,
  ] as const;
  const isInstalled = installed(ministack, () => {
    execFileSync('python3', ['-m', 'venv', environment], quietly);
    execFileSync(pip[0], pip.slice(1), quietly);
  });
  if (isInstalled) peers.push({ name: 'ministack', entry: 'ministack', args: [environment] });
  return peers;
}
