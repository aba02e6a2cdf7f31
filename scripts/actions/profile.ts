import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { concealer } from '../../engine/src/concealment.ts';
import { writeProfile } from '../../record/profile.ts';
import { profileDocument } from '../../reports/document/profile-document.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { renderText } from '../../reports/render/text.ts';
import { secretsOf } from '../../run/benchmark.ts';
import { UsageError } from '../../run/errors.ts';
import { checkInside, measureProfile, type OtherRequest } from '../../run/profile/profile.ts';
import { prepareRun } from '../../run/request/run-request.ts';
import { type ExitCode, exitCode } from '../exit-code.ts';
import { onInterruption } from '../interruption.ts';
import { newRunFolder } from '../new-run-folder.ts';
import type { RunCommandOptions } from '../options/run-options.ts';
import { refuseWithoutEffect } from '../options/without-effect.ts';
import { type Terminal, withoutSecrets } from '../terminal.ts';

export interface ProfileOptions extends Omit<RunCommandOptions, 'runs'> {
  profiles: string;
  alsoMessage?: string[];
  alsoWebhookUrl?: string[];
  messageMix?: number[];
  webhookMix?: number[];
}

/** Messages and webhooks, each by itself and both: the catalogue's scenario that has every kind of load. */
const scenario = 'sync';
/** Of each phase. Long enough for an interval from seconds; a plan's own is that of a run. */
const defaultSteadySeconds = 20;

export async function profile(
  given: ProfileOptions,
  { command, terminal: ofProcess }: { command: Command; terminal: Terminal },
): Promise<void> {
  refuseWithoutEffect(given, command);
  if (given.alsoMessage !== undefined && given.message === undefined)
    throw new UsageError('--also-message is one beside the plan’s own: give --message as well.');
  if (given.alsoWebhookUrl !== undefined && given.webhookUrl === undefined)
    throw new UsageError('--also-webhook-url is one beside the first: give --webhook-url as well.');
  // Each has a phase of its own, and all the mixed one.
  const { alsoMessage = [], alsoWebhookUrl = [], messageMix, webhookMix, ...each } = given;
  const options = { ...each, steadySeconds: given.steadySeconds ?? defaultSteadySeconds };
  const request = await prepareRun(scenario, options, ofProcess.environment);
  // What loadline.yml has for other loads is left out of one without that kind.
  const isTyped = (name: keyof ProfileOptions) => command.getOptionValueSource(name) === 'cli';
  if (isTyped('alsoMessage') && request.workload.messageRatePerSecond === 0)
    throw new UsageError(
      '--also-message would have no phase, because the load has no messages: give --message-rate, or messagesPerUserPerMinute in the plan, or leave it out.',
    );
  if (isTyped('alsoWebhookUrl') && request.workload.webhookRatePerSecond === 0)
    throw new UsageError(
      '--also-webhook-url would have no phase, because the load has no webhooks: give --webhook-rate, or webhooksPerUserPerDay in the plan, or leave it out.',
    );
  checkInside(request);
  const others: OtherRequest[] = [];
  const add = async (kind: OtherRequest['kind'], changed: Partial<ProfileOptions>) =>
    others.push({ kind, request: await prepareRun(scenario, { ...options, ...changed }, ofProcess.environment) });
  for (const message of alsoMessage) await add('message', { message });
  for (const webhookUrl of alsoWebhookUrl) await add('webhook', { webhookUrl });
  const messages = request.workload.messageRatePerSecond > 0 && given.alsoMessage !== undefined;
  const webhooks = request.workload.webhookRatePerSecond > 0 && given.alsoWebhookUrl !== undefined;
  const inAll = {
    ...options,
    ...(messages && { alsoMessage }),
    ...(webhooks && { alsoWebhookUrl }),
    // One that is typed and has nothing to mix is refused there.
    ...((messages || isTyped('messageMix')) && messageMix && { messageMix }),
    ...((webhooks || isTyped('webhookMix')) && webhookMix && { webhookMix }),
  };
  const mixed = await prepareRun(scenario, inAll, ofProcess.environment);
  const conceal = concealer(secretsOf(request));
  const terminal = withoutSecrets(ofProcess, conceal);
  const say = given.quiet ? () => {} : terminal.say;
  const interruption = onInterruption(say, 'Interrupted: stopping. Interrupt again to stop immediately.');
  try {
    const { runId, folder } = await newRunFolder(resolve(options.profiles), '--profiles');
    const record = await measureProfile({
      ...{ folder, profileId: runId, request, others, mixed, say },
      weights: { ...(messageMix && { message: messageMix }), ...(webhookMix && { webhook: webhookMix }) },
      planFile: resolve(options.plan),
      fleets: options.fleets,
      signal: interruption.signal,
    });
    await writeProfile(folder, record);
    if (given.json) terminal.print(printableJson({ ...record, folder }));
    else {
      terminal.print(renderText(profileDocument(record), terminal.columns));
      terminal.print(join(folder, 'profile.json'));
    }
    terminal.endWith(codeOf(record));
  } catch (error) {
    if (error instanceof Error) error.message = conceal(error.message);
    if (!interruption.signal.aborted) throw error;
    terminal.say('Interrupted: nothing of a profile is kept but the phases that were made.');
    terminal.endWith(exitCode.interrupted);
  } finally {
    interruption.dispose();
  }
}

/** Costs that the load generator may have moved are not to be relied on. */
const codeOf = ({ trials }: { trials: readonly { status: string }[] }): ExitCode =>
  trials.some(({ status }) => status === 'invalid') ? exitCode.invalid : exitCode.ok;
