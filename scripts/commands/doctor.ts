import type { Command } from 'commander';
import type { DoctorOptions } from '../actions/doctor.ts';
import { helpEnd } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

export function addDoctorCommand(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description(
      'Checks what a run needs of this machine: Node, open files, ports, cores, memory, clock, folders and tools. Each line is ok, a warning or an error, and says what to do. Starts nothing.',
    )
    .option('--aws', "also check AWS: credentials, region, and the account's Lambda concurrency (one call, free)")
    .option('--region <region>', 'with --aws: its region; default: that of your AWS profile')
    .option('--json', 'print the checks as JSON on stdout')
    .addHelpText('after', helpEnd('doctor', 'loadline doctor', 'loadline doctor --aws --region eu-west-1'))
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('../actions/doctor.ts');
      await doctor(options, terminal);
    });
}
