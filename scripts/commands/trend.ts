import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { judgeHistory } from '../../history/judged-history.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { trendPageName } from '../../reports/trend/trend-files.ts';
import { trendText } from '../../reports/trend/trend-text.ts';
import { helpEnd } from '../exit-code.ts';
import { addHistoryOption, type HistoryOptions, openHistory, readKnownHistory } from '../options/history-options.ts';
import { webPage } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';
import { trendContext, writeTrend } from '../trend-output.ts';

interface TrendOptions extends HistoryOptions {
  report: string;
  repository?: string;
  json?: boolean;
}

export function addTrendCommand(program: Command, terminal: Terminal): void {
  addHistoryOption(
    program
      .command('trend')
      .description(
        'Judges a history again, without running anything, and writes its page, badge, comment and formats.',
      ),
  )
    .option('--report <folder>', 'folder for them', 'nightly')
    .option(
      '--repository <url>',
      'page of the repository, for links to commits; default: that of the CI, or of the remote',
      webPage,
    )
    .option('--json', 'print the series as JSON on stdout')
    .addHelpText('after', helpEnd('trend', 'loadline trend --history s3://bucket/loadline --report page'))
    .action(async (options: TrendOptions) => {
      const store = await openHistory(options, terminal.environment);
      const history = await readKnownHistory(store);
      const judged = judgeHistory(history);
      const context = trendContext(process.cwd(), terminal.environment, options.repository);
      await writeTrend(resolve(options.report), { judged, context, now: new Date() });
      if (options.json) terminal.print(printableJson(judged));
      else {
        terminal.print(trendText(judged, context).trimEnd());
        terminal.print(join(options.report, trendPageName));
      }
    });
}
