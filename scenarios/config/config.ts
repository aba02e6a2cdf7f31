// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** loadline.yml: what commands are asked for, in one file. */
import { z } from 'zod';
import { webhookOwners } from '../../engine/src/core/webhooks/webhook-request.ts';
import { recordOf } from '../../engine/src/step/keyed.ts';
import {
  describeField,
  type LoadOptionName,
  loadOptionNames,
  numberFields,
} from '../../engine/src/step/load-fields.ts';
import { numberSchema } from '../../engine/src/step/number-schema.ts';
import { presetNames, signKeys } from '../../engine/src/step/webhook-fields.ts';

const text = z.string().min(1, { error: 'expected at least one character' });
const value = z.union([z.string(), z.number(), z.boolean()]);
const byName = z.record(text, value);
const positive = z.number().positive();
const count = z.number().int().positive();
const path = (what: string) => text.describe(`${what}; a relative path begins at this file's folder.`);

const weights = z.array(z.number().nonnegative()).refine((all) => all.some((weight) => weight > 0), {
  error: 'expected a weight above 0',
});

const token = z.strictObject({
  value: text.optional().describe('The token of every connection.'),
  command: text
    .optional()
    .describe(
      'Prints the token of a user. The shell has the user as $user, and columns of the feed as $feed_<column>.',
    ),
  usersPerToken: count.optional().describe('Users that share a token; default: 1.'),
  concurrency: count.optional().describe('Commands that run at a time, at least one for each fleet; default: 4.'),
  timeoutSeconds: positive.optional().describe('Time that a command may take, in seconds; default: 10.'),
});

const webhook = z.strictObject({
  url: text
    .optional()
    .describe(
      'Where webhooks are posted: a URL, or of a stack a path such as /hooks, or Api:/hooks if it has several APIs.',
    ),
  body: text
    .optional()
    .describe(
      'Body of a webhook; ${id}, ${user}, ${tab}, ${sequence}, ${attempt}, ${timestamp}, ${time}, ${pad} and ${feed.<column>} are filled in. Without it: that of the reference stack.',
    ),
  alsoUrls: z
    .array(text)
    .optional()
    .describe(
      'Where else the same webhooks are posted: at random beside url, by mix (run, search), or each in a phase of its own (profile).',
    ),
  mix: weights.optional().describe('Weights of url and of each of alsoUrls, in their order; default: all alike.'),
  headers: byName.optional().describe('Headers of every post, with the same placeholders.'),
  sign: z
    .union([z.enum(presetNames), signKeys])
    .optional()
    .describe('How it is signed: a provider, none (default), or the keys of a scheme.'),
  secret: text.optional().describe('Secret that signs it, best as ${NAME}; default: $LOADLINE_WEBHOOK_SECRET.'),
  push: text
    .optional()
    .describe(
      'Where the id of a webhook stands in the text that comes out of a connection: anywhere (default), $.path, or /regexp/ with a group.',
    ),
  owner: z
    .enum(webhookOwners)
    .optional()
    .describe('Whose connections a webhook reaches: those of a user (default), one tab, or everyone.'),
});

/** A number for each option of the load. */
const load = z.strictObject(
  recordOf(loadOptionNames, (name: LoadOptionName) =>
    numberSchema(numberFields[name]).optional().describe(describeField(numberFields[name])),
  ),
);

export const configSchema = z.strictObject({
  scenario: text.optional().describe('Name from the catalogue, or an Artillery script that uses the loadline engine.'),
  plan: path('Usage plan').optional(),
  settings: path('Settings of the reference stack').optional(),
  target: text.optional().describe('local, aws, or a file made by `loadline local --json`.'),
  template: path('Your own stack: a CloudFormation or SAM template, or a folder of a tool').optional(),
  app: path('Your own stack: the folder that `cdk synth` wrote').optional(),
  stack: text
    .optional()
    .describe('Your own stack, by the name under which it is deployed; with app: which stack of it.'),
  url: text
    .optional()
    .describe('Your own WebSocket endpoint; with a stack: what follows its address, as in ?user=${user}.'),
  stackName: text.optional().describe('Name of the reference stack on AWS, or the one that a template is given.'),
  region: text.optional().describe('Of a stack.'),
  parameters: z
    .union([text, byName])
    .optional()
    .describe('Parameters of the template: values by name, or a file of them.'),
  ssm: byName.optional().describe('Values of SSM parameters that the template reads.'),
  imports: byName.optional().describe('Values of exports of other stacks (Fn::ImportValue).'),
  ignore: z.array(text).optional().describe('Types of resources to go on without, or properties as Type.Property.'),
  headers: byName
    .optional()
    .describe(
      'Headers of every upgrade request; ${user}, ${tab}, ${token}, ${sequence} and ${feed.<column>} are filled in.',
    ),
  subprotocols: z.array(text).optional().describe('WebSocket subprotocols to offer.'),
  message: text
    .optional()
    .describe('Text of a message; ${id}, ${user}, ${tab}, ${sequence} and ${feed.<column>} are filled in.'),
  alsoMessages: z
    .array(text)
    .optional()
    .describe(
      'Further messages: sent at random beside message, by messageMix (run, search), or each in a phase of its own, for what its route costs (profile).',
    ),
  messageMix: weights
    .optional()
    .describe('Weights of message and of each of alsoMessages, in their order; default: all alike.'),
  answer: text.optional().describe('How its answer is recognised: next (default), $.path of the id, or /regexp/.'),
  feed: path('CSV file of rows that users take in turn').optional(),
  token: token
    .optional()
    .describe(
      'Tokens of connections, where ${token} stands in url, headers or subprotocols; otherwise in the query, as token.',
    ),
  webhook: webhook.optional().describe('Webhooks, and the pushes that they cause.'),
  load: load.optional().describe('The load, in place of the plan’s numbers.'),
  variables: byName.optional().describe('Variables of the scenario that have no option of their own.'),
  fleets: count.optional().describe('Threads that generate the load.'),
  gatewayProcesses: count.optional().describe('Processes of a local target that hold the WebSockets.'),
  limits: path('Quotas of a local target, a YAML file').optional(),
  limit: byName.optional().describe('Single quotas, as in accountThrottle.ratePerSecond: 100.'),
  quotaScale: positive.optional().describe('Scales every quota that is not set.'),
  timeScale: positive
    .optional()
    .describe('Shortens the idle timeout and lifetime of WebSockets, and the waits of asynchronous invocations.'),
  latency: text.optional().describe('Modelled service latency: none, typical, or a file.'),
  faults: path('Faults that a local target injects, a YAML file').optional(),
  slo: z.record(text, z.number().nonnegative()).optional().describe('Objectives in place of the plan’s (search).'),
});
export type Config = z.output<typeof configSchema>;

/** The JSON schema with which editors complete it. Pure. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
  return {
    $schema,
    title: 'loadline.yml',
    description:
      'What Loadline’s commands are asked for; an option on the command line comes first. Generated by `node scenarios/catalogue/write-generated.main.ts`: do not edit.',
    ...schema,
  };
}
