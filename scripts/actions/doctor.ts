import { printableJson } from '../../reports/render/printable.ts';
import { UsageError } from '../../run/errors.ts';
import type { Check } from '../doctor/check.ts';
import { machineChecks } from '../doctor/machine-checks.ts';
import { readMachine } from '../doctor/read-machine.ts';
import { exitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

export interface DoctorOptions {
  aws?: boolean;
  region?: string;
  json?: boolean;
}

export async function doctor({ aws, region, json }: DoctorOptions, terminal: Terminal): Promise<void> {
  if (region !== undefined && !aws) throw new UsageError('--region is of AWS: add --aws, or leave it out.');
  const ofMachine = machineChecks(await readMachine());
  // The SDK takes longer to load than everything else takes.
  const ofAws = aws ? await (await import('../doctor/aws-checks.ts')).awsChecks({ region }) : [];
  const checks = [...ofMachine, ...ofAws];
  const isReady = checks.every(({ status }) => status !== 'error');
  terminal.print(json ? printableJson({ ready: isReady, checks }) : checks.map(lineOf).join('\n'));
  terminal.endWith(isReady ? exitCode.ok : exitCode.invalid);
}

/** What to do follows on a line of its own. */
const lineOf = ({ status, name, found, next }: Check): string =>
  `${status.padEnd(8)} ${name.padEnd(12)} ${found}${next === null ? '' : `\n${' '.repeat(22)}${next}`}`;
