import type { Command } from 'commander';
import type { CompareOptions } from '../actions/compare.ts';
import { helpEnd } from '../exit-code.ts';
import { failOnList } from '../options/fail-on.ts';
import type { Terminal } from '../terminal.ts';

export function addCompareCommand(program: Command, terminal: Terminal): void {
  program
    .command('compare')
    .description(
      'Says what changed between runs beyond noise: latency, throughput, coefficients, headroom and cost, by intervals over several runs a side. The first side is the baseline. A side is a run folder, a folder of run folders, or a pattern in quotes; name=… gives it a name.',
    )
    .argument('<sides...>', 'two sides or more')
    .option(
      '--fail-on <groups>',
      'exit with 1 on a change for the worse: any, or some of latency, throughput, coefficients, headroom, cost; latency=10 lets pass less than 10%',
      failOnList,
    )
    .option('--anyway', 'compare runs of another target, scenario, load, plan or machine; what differs is named')
    .option('--report <folder>', 'also write compare.html, compare.md and compare.json there')
    .option('--markdown', 'print Markdown, for a comment on a pull request')
    .option('--json', 'print the whole answer as JSON on stdout')
    .addHelpText(
      'after',
      helpEnd(
        'compare',
        "loadline compare main='runs/2026112[56]*' branch=runs-of-branch",
        'loadline compare before after --fail-on latency=10,cost',
      ),
    )
    .action(async (sides: string[], options: CompareOptions) => {
      const { compare } = await import('../actions/compare.ts');
      await compare(sides, options, terminal);
    });
}
