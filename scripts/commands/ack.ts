import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { appendAcknowledgement } from '../../history/history.ts';
import { type JudgedChange, type JudgedSeries, judgeHistory, openRegressions } from '../../history/judged-history.ts';
import { lineVersion } from '../../history/line.ts';
import { changeSentence } from '../../reports/trend/words.ts';
import { UsageError } from '../../run/errors.ts';
import { suggestion } from '../../scenarios/yaml/nearest-key.ts';
import { helpEnd } from '../exit-code.ts';
import {
  addHistoryOption,
  asUsage,
  type HistoryOptions,
  openHistory,
  readKnownHistory,
} from '../options/history-options.ts';
import type { Terminal } from '../terminal.ts';
import { dateOf } from './nightly.ts';

interface AckOptions extends HistoryOptions {
  reason?: string;
  night?: string;
  by?: string;
}

export function addAckCommand(program: Command, terminal: Terminal): void {
  addHistoryOption(
    program
      .command('ack')
      .description(
        'Accepts a regression, with a reason: its alarm ends, and the new level is the one that later nights are compared with.',
      )
      .argument('<series>', 'name of the series, as nightly prints it; or "all" for every open regression'),
  )
    .option('--reason <text>', 'why it is accepted; required')
    .option('--night <date>', 'first night of the change, where a series has several', dateOf)
    .option('--by <name>', 'who accepts it; default: the user of this machine')
    .addHelpText('after', helpEnd('ack', "loadline ack costs.webhook-cpu --reason 'signed twice since the audit'"))
    .action((series: string, options: AckOptions) => acknowledge(series, options, terminal));
}

async function acknowledge(
  name: string,
  { reason, night, by, ...options }: AckOptions,
  terminal: Terminal,
): Promise<void> {
  if (reason === undefined || reason.trim() === '')
    throw new UsageError('--reason is missing: whoever reads the history later wants to know why it was accepted.');
  const store = await openHistory(options, terminal.environment);
  const { series } = judgeHistory(await readKnownHistory(store));
  const chosen = chosenOf(series, name, night);
  const now = new Date();
  for (const { series: each, change } of chosen) {
    await asUsage(() =>
      appendAcknowledgement(
        store,
        {
          ...{ v: lineVersion, kind: 'acknowledgement', series: each.name, night: change.first.night },
          ...{ reason: reason.trim(), by: by ?? userInfo().username, at: now.toISOString() },
        },
        now,
      ),
    );
    terminal.print(`Accepted: ${changeSentence(each, change)}`);
  }
}

interface Chosen {
  series: JudgedSeries;
  change: JudgedChange;
}

/** @throws UsageError where there is nothing to accept, or several to choose from. */
function chosenOf(all: readonly JudgedSeries[], name: string, night: string | undefined): Chosen[] {
  const named = name === 'all' ? all : all.filter((each) => each.name === name);
  if (named.length === 0) {
    const names = [...new Set(all.map((each) => each.name))].toSorted();
    const near = suggestion(name, names);
    const known = `there are ${names.join(', ')}`;
    throw new UsageError(`The history has no series "${name}"${near === null ? `: ${known}.` : `. ${near}`}`);
  }
  const open = named.flatMap((series) => openRegressions(series).map((change) => ({ series, change })));
  const chosen = open.filter(({ change }) => night === undefined || change.first.night === night);
  if (chosen.length === 0) {
    const others = open.map(({ change }) => change.first.night).join(', ');
    throw new UsageError(
      others === ''
        ? `${name === 'all' ? 'No series has an' : `${name} has no`} open regression: there is nothing to accept.`
        : `${name} has no open regression that began on ${night}: name one of ${others} with --night.`,
    );
  }
  if (name !== 'all' && night === undefined && chosen.length > 1)
    throw new UsageError(
      `${name} has ${chosen.length} open regressions: choose one with --night, of ${chosen.map(({ change }) => change.first.night).join(', ')}.`,
    );
  return chosen;
}
