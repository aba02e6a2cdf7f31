/** The variants of the reference stack that are compared with each other, each with its stack and what a unit of load costs it. */

import type { UsagePlan } from '../../capacity/demand/plan.ts';
import { keepingEvents, withFallback } from '../../capacity/fallback/fallback-costs.ts';
import type { Functions } from '../../capacity/servers/choose.ts';
import { isKnownInstance, tasksOfInstance } from '../../capacity/servers/instances.ts';
import type { ServiceSize } from '../../capacity/servers/service-demand.ts';
import type { Variant, VariantBasis, VariantName } from '../../capacity/servers/variants.ts';
import type { MeasuredVariant } from '../../reports/choose/measured-variant.ts';
import { assumedCoefficients } from '../../scenarios/reference/assumed-coefficients.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { referenceService } from '../../scenarios/reference/service.ts';
import { costsOfWay, nameOfWay, ways } from '../../scenarios/reference/variants.ts';
import type { StackSettings } from '../../stack/settings/settings.ts';
import { isSameVariant, type MeasuredRun } from './measured-variants.ts';
import type { TasksProfile } from './tasks-profile.ts';
import { functionsSettings } from './variant-settings.ts';

interface VariantsInput {
  settings: StackSettings;
  size: ServiceSize;
  /** The functions that are compared with the service: their costs were asked for, or found. */
  base: { name: VariantName; basis: VariantBasis; functions: Functions };
  /** Runs that may be used. */
  runs: readonly MeasuredRun[];
  /** Of a service of tasks, those that may be used: one of each store. */
  profiles: readonly TasksProfile[];
  newTable: boolean | undefined;
}

type Compared = Variant & { measured: MeasuredVariant | null };

/** The base first where the table does not have it. */
export function comparedVariants({ settings, size, base, runs, profiles, newTable }: VariantsInput): Compared[] {
  const measuredOf = (name: VariantName) => runs.find((run) => isSameVariant(run.name, name)) ?? null;
  const isBase = (name: VariantName) => isSameVariant(name, base.name);
  const ofBase: Compared = { kind: 'functions', ...base, measured: measuredOf(base.name)?.measured ?? null };
  const functions = ways.flatMap((way): Compared[] => {
    const name = nameOfWay(way);
    if (isBase(name)) return [ofBase];
    const own = functionsSettings(settings, way);
    if (own === null) return [];
    const run = measuredOf(name);
    const measured = run?.measured ?? null;
    const deployment = { ...referenceDeployment(own, own.region), newTable };
    // A run of a stack that keeps events has measured what that costs.
    const kept = run?.run.settings.fallback ? deployment : null;
    const costs = costsOfWay(way, run?.coefficients ?? assumedCoefficients());
    const coefficients = keepingEvents(costs, { measured: kept, deployment });
    return [{ ...{ kind: 'functions', name, measured }, ...withCosts(run), functions: { coefficients, deployment } }];
  });
  const service = (capacity: ServiceSize['capacity'], store: VariantName['store']): Compared[] => {
    const name: VariantName = { compute: 'server', capacity, store, way: null, webhookApi: null };
    // Of webhooks that a mock answers nothing is in a queue.
    const like = functions.find((each) => each.name.store === store && each.name.way !== 'mock');
    if (like?.kind !== 'functions') return [];
    const run = measuredOf(name);
    const profile = profiles.find((each) => isSameVariant(each.name, name));
    const basis: VariantBasis =
      profile !== undefined
        ? { kind: 'profile', id: profile.measured.profileId, from: profile.measured.on }
        : run === null || run.serviceCosts === null
          ? { kind: 'assumed' }
          : { kind: 'run', id: run.measured.runId, from: run.measured.on };
    const measured = run === null ? null : { ...run.measured, profiled: profile?.measured ?? null };
    const { database } = referenceService({ ...settings, store });
    const { database: _ofBase, ...ofTasks } = size;
    return [
      {
        ...{ kind: 'service', name, basis, measured, shared: like.functions },
        size: { ...ofTasks, capacity, ...(database && { database }) },
      },
    ];
  };
  // Without a price, or without room for one task, there is nothing to say.
  const capacities: ServiceSize['capacity'][] =
    isKnownInstance(size.instanceType) && tasksOfInstance(size) > 0 ? ['fargate', 'ec2'] : ['fargate'];
  return [
    ...(functions.includes(ofBase) ? [] : [ofBase]),
    ...functions,
    ...(['dynamodb', 'postgres'] as const).flatMap((store) => capacities.flatMap((each) => service(each, store))),
  ];
}

/** With what the answers to pages cost that ask over HTTP, where the stack serves them. */
export function withAsks<Each extends Variant>(variant: Each, plan: UsagePlan): Each {
  const asked = ({ coefficients, deployment }: Functions): Functions => ({
    coefficients: withFallback({ plan, coefficients, deployment }).coefficients,
    deployment,
  });
  return variant.kind === 'functions'
    ? { ...variant, functions: asked(variant.functions) }
    : { ...variant, shared: asked(variant.shared) };
}

const withCosts = (run: MeasuredRun | null): { basis: VariantBasis } => ({
  basis:
    run === null || run.coefficients === null
      ? { kind: 'assumed' }
      : { kind: 'run', id: run.measured.runId, from: run.measured.on },
});

/** Every variant that is compared. */
export function variantNames(settings: StackSettings, size: ServiceSize): VariantName[] {
  const own = functionsSettings(settings) ?? settings;
  const functions = { coefficients: assumedCoefficients(), deployment: referenceDeployment(own, own.region) };
  const base = { name: nameOfWay(own), basis: { kind: 'assumed' } as const, functions };
  const all = comparedVariants({ settings: own, size, base, runs: [], profiles: [], newTable: undefined });
  return all.map(({ name }) => name);
}
