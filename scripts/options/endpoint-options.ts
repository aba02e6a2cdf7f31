// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** The options of a target that is not the reference stack. */
import type { Command } from 'commander';
import { collect } from './values.ts';

export function addEndpointOptions(command: Command): Command {
  return command
    .option(
      '--stack <name>',
      'a CloudFormation stack of your own instead of --target, in --region or that of your AWS profile: its WebSocket API is loaded as --url is, and CloudWatch asked about every resource',
    )
    .option(
      '--url <url>',
      'any WebSocket endpoint (ws: or wss:) instead of --target; CloudWatch is queried with --stack only. A secret in this and the following options is best not typed: env:NAME or file:PATH as the value reads it from there',
    )
    .option('--header <name: value>', 'with --url or --stack: a header for every upgrade request; repeatable', collect)
    .option('--subprotocol <name>', 'with --url or --stack: a WebSocket subprotocol to offer; repeatable', collect)
    .option(
      '--message <text>',
      'with --url or --stack: text of a message; ${id}, ${user} and ${sequence} are filled in',
    )
    .option(
      '--answer <matcher>',
      'with --message: how its answer is recognised: next (the next text), $.path (of the id, in JSON), or /regexp/ (its first group is the id)',
    )
    .option(
      '--webhook-url <url>',
      'with --url or --stack: where webhooks are posted, signed with $LOADLINE_WEBHOOK_SECRET',
    );
}
