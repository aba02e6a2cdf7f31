/** `--watch`: the report of a folder while it is written. */
import type { LiveReport } from '../run/watch/live-report.ts';
import type { Terminal } from './terminal.ts';

/** Null without the option. @throws UsageError when the port is taken. */
export async function watched(
  option: number | true | undefined,
  folder: string,
  terminal: Terminal,
): Promise<LiveReport | null> {
  if (option === undefined) return null;
  const { serveLiveReport } = await import('../run/watch/live-report.ts');
  const live = await serveLiveReport(folder, option === true ? {} : { port: option });
  terminal.say(`Live report: ${live.url}`);
  return live;
}
