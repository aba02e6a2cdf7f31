// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** The options of a target that is not the reference stack, the same for every command that has one. */
import type { Command } from 'commander';
import { addConfigOption } from './config-option.ts';
import { addTemplateSourceOptions } from './template-options.ts';
import { collect, positiveInteger, positiveNumber } from './values.ts';

export function addEndpointOptions(command: Command): Command {
  addTemplateSourceOptions(command)
    .option(
      '--stack <name>',
      'a CloudFormation stack of your own instead of --target, in --region or that of your AWS profile: its WebSocket API is loaded as --url is, and CloudWatch asked about every resource; with --app: which stack of it',
    )
    .option(
      '--url <url>',
      'any WebSocket endpoint (ws: or wss:) instead of --target; CloudWatch is queried with --stack only. With a stack: what follows its address, as in ?user=${user}. A secret in this and the following options is best not typed: env:NAME or file:PATH as the value reads it from there, ${NAME} within it too',
    )
    .option('--header <name: value>', 'with your own target: a header for every upgrade request; repeatable', collect)
    .option('--subprotocol <name>', 'with your own target: a WebSocket subprotocol to offer; repeatable', collect)
    .option(
      '--message <text>',
      'with your own target: text of a message; ${id}, ${user}, ${tab} and ${sequence} are filled in',
    )
    .option(
      '--answer <matcher>',
      'with --message: how its answer is recognised: next (the next text), $.path (of the id, in JSON), or /regexp/ (its first group is the id)',
    );
  addTokenOptions(command);
  addWebhookOptions(command);
  return addConfigOption(
    command.option('--feed <file>', 'CSV file of rows that users take in turn: ${feed.<column>} in any of these texts'),
  );
}

function addTokenOptions(command: Command): void {
  command
    .option(
      '--token <token>',
      'with your own target: token of every connection, where ${token} stands in --url, --header or --subprotocol; otherwise in the query, as token',
    )
    .option(
      '--token-command <command>',
      'a command that prints the token of a user, in place of --token; the shell has the user as $user, and columns of --feed as $feed_<column>',
    )
    .option('--token-users <count>', 'users that share a token of --token-command; default: 1', positiveInteger)
    .option(
      '--token-concurrency <count>',
      'commands that run at a time, at least one for each fleet; default: 4',
      positiveInteger,
    )
    .option('--token-timeout <seconds>', 'time that a command may take, in seconds; default: 10', positiveNumber);
}

function addWebhookOptions(command: Command): void {
  command
    .option(
      '--webhook-url <url>',
      'with your own target: where webhooks are posted; with a stack a path such as /hooks is enough (Api:/hooks if it has several APIs)',
    )
    .option(
      '--webhook <body>',
      "with --webhook-url: body of a webhook of your own, in place of the reference stack's, signed with $LOADLINE_WEBHOOK_SECRET; ${id}, ${user}, ${tab}, ${sequence}, ${attempt}, ${timestamp}, ${time} and ${pad} (up to --webhook-bytes) are filled in",
    )
    .option(
      '--webhook-header <name: value>',
      'with --webhook: a header of every post, with the same placeholders; repeatable',
      collect,
    )
    .option(
      '--sign <scheme>',
      'with --webhook: how it is signed: a provider (github, stripe, slack, shopify, twilio, standard-webhooks …), or none (default), or key=value, as in header=X-Sig, repeatable (docs/own-stack.md)',
      collect,
    )
    .option(
      '--push <matcher>',
      'with --webhook: where its ${id} stands in the text that comes out of a connection: anywhere (default), $.path, or /regexp/ with a group',
    )
    .option(
      '--webhook-owner <who>',
      'with --webhook: whose connections it reaches: those of a user (default), one tab, or everyone',
    );
}
