/** The options with which `loadline plan` gives the same answer again, beside the plan and the settings. Pure. */
import type { Basis, BasisOptions, StackBasis } from '../../run/basis.ts';
import type { PlanOptions } from './plan-options.ts';

export interface AskedAgain {
  /** As a shell reads them, each after a space. */
  asked: string;
  /** Options to be given once more, as `--url`: what they take may be secret. */
  notCopied: readonly string[];
}

export function askedAgain(options: PlanOptions, basis: Basis | StackBasis): AskedAgain {
  const { run, profile, prices, freeTier, ignore = [], messageRoute = {}, webhookRoute = {} } = options;
  const given: string[] = copied.flatMap(([name, flag]) => {
    const { [name]: value } = options;
    return value === undefined ? [] : [flag, value];
  });
  given.push(...ignore.flatMap((type) => ['--ignore', type]));
  if (basis.kind === 'profile') given.push('--profile', profile ?? `profiles/${basis.profile.profileId}`);
  else given.push('--run', basis.kind === 'run' ? (run ?? `runs/${basis.run.runId}`) : 'none');
  given.push(...sharesOf('--message-route', messageRoute), ...sharesOf('--webhook-route', webhookRoute));
  if (prices !== undefined) given.push('--prices', prices);
  if (freeTier === true) given.push('--free-tier');
  return {
    asked: given.map((word) => ` ${shellWord(word)}`).join(''),
    notCopied: perhapsSecret.flatMap(([name, flag]) => (options[name] === undefined ? [] : [flag])),
  };
}

/** Those with which `loadline choose` takes the costs of the same runs and profiles: where none is named, the newest of its folders, or none. */
export function sameCosts({ runs, profiles, run, profile }: BasisOptions & { runs: string; profiles: string }): string {
  const given = [
    ...(run === undefined ? [] : ['--run', run]),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(runs === 'runs' ? [] : ['--runs', runs]),
    ...(profiles === 'profiles' ? [] : ['--profiles', profiles]),
  ];
  return given.map((word) => ` ${shellWord(word)}`).join('');
}

const sharesOf = (flag: string, shares: Readonly<Record<string, number>>): string[] =>
  Object.entries(shares).flatMap(([route, share]) => [flag, `${route}=${share}`]);

/** As a shell reads it as one word. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** That name the stack. */
const copied = [
  ['template', '--template'],
  ['app', '--app'],
  ['stack', '--stack'],
  ['parameters', '--parameters'],
  ['region', '--region'],
] as const;

/** Of those that the answer depends on. */
const perhapsSecret = [
  ['parameter', '--parameter'],
  ['ssm', '--ssm'],
  ['import', '--import'],
  ['url', '--url'],
  ['message', '--message'],
  ['alsoMessage', '--also-message'],
  ['messageMix', '--message-mix'],
  ['webhookUrl', '--webhook-url'],
  ['alsoWebhookUrl', '--also-webhook-url'],
  ['webhookMix', '--webhook-mix'],
] as const;
