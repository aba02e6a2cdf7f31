/** Which routes the messages and webhooks of a plan take: their costs, and the throttles that each is compared with. */
import { withTaken } from '../../capacity/headroom/stage-throttles.ts';
import {
  coefficientsOfProfile,
  mixOfProfile,
  mixOfTaken,
  type RouteMix,
  routesOfProfile,
} from '../../capacity/profile/profile-coefficients.ts';
import { sharesOf } from '../../graph/entered.ts';
import { percent } from '../../reports/analysis/numbers.ts';
import type { Basis, StackBasis } from '../../run/basis.ts';
import { UsageError } from '../../run/errors.ts';
import type { PlannedStack } from '../../run/target/planned-stack.ts';
import type { PlanOptions } from './plan-options.ts';

const kinds = ['message', 'webhook'] as const;
type Kind = (typeof kinds)[number];
type Profile = Extract<Basis | StackBasis, { kind: 'profile' }>['profile'];

/**
 * By the options of the plan, else by the messages and URLs that it was given for the stack, else as the profile's mixed phase had them.
 * @throws UsageError for a route of an option that the profile does not have.
 */
export function planRoutes<Some extends Basis | StackBasis>(
  basis: Some,
  { own, options }: { own: PlannedStack | null; options: PlanOptions },
): { basis: Some; notes: string[] } {
  const asked: RouteMix = {
    ...(options.messageRoute && { message: options.messageRoute }),
    ...(options.webhookRoute && { webhook: options.webhookRoute }),
  };
  const [first] = kinds.filter((kind) => asked[kind] !== undefined);
  if (basis.kind !== 'profile') {
    if (first === undefined) return { basis, notes: [] };
    throw new UsageError(`--${first}-route is of a profile that has several: name it with --profile.`);
  }
  const { profile } = basis;
  for (const kind of kinds) checkKnown(asked[kind] ?? {}, { kind, profile });
  const mixes = kinds.map((kind) => mixOf(kind, { asked, own, profile }));
  const [message, webhook] = mixes;
  const mix = { ...(message && { message: message.mix }), ...(webhook && { webhook: webhook.mix }) };
  const taken = {
    ...(message && { message: shares(message.mix, { kind: 'message', profile }) }),
    ...(webhook && { webhook: shares(webhook.mix, { kind: 'webhook', profile }) }),
  };
  return {
    basis: {
      ...basis,
      coefficients: coefficientsOfProfile(profile, mix),
      deployment: withTaken(basis.deployment, taken),
    },
    notes: kinds.flatMap((kind, n) => noteOf(kind, mixes[n] ?? null, profile)),
  };
}

interface Mix {
  mix: Readonly<Record<string, number>>;
  from: 'option' | 'stack' | 'profile';
}

/** Null: the profile has one route only, or nothing says which is taken. */
function mixOf(
  kind: Kind,
  { asked, own, profile }: { asked: RouteMix; own: PlannedStack | null; profile: Profile },
): Mix | null {
  const { [kind]: option } = asked;
  if (option !== undefined) return { mix: option, from: 'option' };
  const ofStack = mixOfTaken(profile, kind, own?.inside?.entered.routes?.[kind] ?? []);
  if (ofStack !== null) return { mix: ofStack, from: 'stack' };
  const { [kind]: ofProfile } = mixOfProfile(profile);
  return ofProfile === undefined ? null : { mix: ofProfile, from: 'profile' };
}

function checkKnown(mix: Readonly<Record<string, number>>, { kind, profile }: { kind: Kind; profile: Profile }): void {
  const known = [...routesOfProfile(profile, kind).keys()];
  const unknown = Object.keys(mix).find((route) => !known.includes(route));
  if (unknown !== undefined)
    throw new UsageError(
      `--${kind}-route ${unknown}: the profile has ${known.length === 0 ? 'no such routes' : known.join(', ')}. Measure it with loadline profile --also-${kind === 'message' ? 'message' : 'webhook-url'}.`,
    );
}

/** Of each route of the API: a name of the profile may be that of one of several messages that take it. */
function shares(
  mix: Readonly<Record<string, number>>,
  { kind, profile }: { kind: Kind; profile: Profile },
): ReadonlyMap<string, number> {
  const keys = new Map(profile.routes?.[kind].map(({ name, key }) => [name, key]));
  return sharesOf(Object.entries(mix).map(([name, weight]) => ({ key: keys.get(name) ?? name, weight })));
}

const words: Record<Kind, string> = { message: 'Messages', webhook: 'Webhooks' };

/** Which share takes which route, where there are several; and what of it has no costs. */
function noteOf(kind: Kind, found: Mix | null, profile: Profile): string[] {
  if (found === null) return [];
  const { mix, from } = found;
  const routes = Object.entries(mix);
  const all = routes.reduce((sum, [, weight]) => sum + weight, 0);
  const known = routesOfProfile(profile, kind);
  const unmeasured = routes.flatMap(([name]) => (known.has(name) ? [] : [name]));
  const whence = from === 'profile' ? `, as in the profile’s mixed phase; --${kind}-route says another` : '';
  return [
    ...(routes.length > 1
      ? [`${words[kind]}: ${routes.map(([name, weight]) => `${name} ${percent(weight / all)}`).join(', ')}${whence}.`]
      : []),
    ...(unmeasured.length > 0
      ? [
          `The profile has no costs of ${unmeasured.join(', ')}, only of ${[...known.keys()].join(', ')}: what ${words[kind].toLowerCase()} cost is not known. loadline profile --also-${kind === 'message' ? 'message' : 'webhook-url'} measures it.`,
        ]
      : []),
  ];
}
