/** Options of several messages and webhook URLs in one run. */
import type { Command } from 'commander';
import { collect, weightList } from './values.ts';

export const addMixOptions = (command: Command): Command =>
  command
    .option('--also-message <text>', 'with --message: another message, which is sent as well; repeatable', collect)
    .option(
      '--message-mix <weights>',
      'with --also-message: how often each is sent, --message first, as in 3,1; default: all alike',
      weightList,
    )
    .option(
      '--also-webhook-url <url>',
      'with --webhook-url: where else the same webhooks are posted, at the same host; repeatable',
      collect,
    )
    .option(
      '--webhook-mix <weights>',
      'with --also-webhook-url: how often each is posted to, --webhook-url first, as in 3,1; default: all alike',
      weightList,
    );
