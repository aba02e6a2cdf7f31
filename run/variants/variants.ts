/** The variants of the reference stack that are compared with each other, each with its stack and what a unit of load costs it. */
import type { Functions } from '../../capacity/servers/choose.ts';
import { isKnownInstance, tasksOfInstance } from '../../capacity/servers/instances.ts';
import type { ServiceSize } from '../../capacity/servers/service-demand.ts';
import type { Variant, VariantBasis, VariantName } from '../../capacity/servers/variants.ts';
import type { MeasuredVariant } from '../../reports/choose/measured-variant.ts';
import { assumedCoefficients } from '../../scenarios/reference/assumed-coefficients.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { costsOfWay, nameOfWay, type Way, ways } from '../../scenarios/reference/variants.ts';
import { type StackSettings, settingsSchema } from '../../stack/settings/settings.ts';
import { isSameVariant, type MeasuredRun } from './measured-variants.ts';

/** It needs an address, whose server no stack of Loadline's has. */
const someServer = 'https://server.example';

/** The same stack with functions and another way in or another store; null: its other settings do not allow it. */
export function functionsSettings(settings: StackSettings, way: Partial<Way> = {}): StackSettings | null {
  const { queue, ...rest } = settings;
  const { visibilityTimeoutSeconds, maxReceiveCount, ...others } = queue;
  const isService = settings.compute === 'server';
  const ingest = way.ingest ?? settings.ingest;
  const parsed = settingsSchema.safeParse({
    ...rest,
    ...way,
    compute: 'lambda',
    forwardUrl: ingest === 'forward' ? (settings.forwardUrl ?? someServer) : null,
    // Of a service they are other ones, which were not stated either.
    queue: isService ? others : { ...others, visibilityTimeoutSeconds, maxReceiveCount },
  });
  return parsed.success ? parsed.data : null;
}

interface VariantsInput {
  settings: StackSettings;
  size: ServiceSize;
  /** The functions that are compared with the service: their costs were asked for, or found. */
  base: { name: VariantName; basis: VariantBasis; functions: Functions };
  /** Runs that may be used. */
  runs: readonly MeasuredRun[];
  newTable: boolean | undefined;
}

type Compared = Variant & { measured: MeasuredVariant | null };

/** The base first where the table does not have it. */
export function comparedVariants({ settings, size, base, runs, newTable }: VariantsInput): Compared[] {
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
    return [
      {
        ...{ kind: 'functions', name, measured },
        ...withCosts(run),
        functions: {
          coefficients: costsOfWay(way, run?.coefficients ?? assumedCoefficients()),
          deployment: { ...referenceDeployment(own, own.region), newTable },
        },
      },
    ];
  });
  const service = (capacity: ServiceSize['capacity']): Compared => {
    const name: VariantName = { compute: 'server', capacity, store: 'dynamodb', way: null, webhookApi: null };
    const run = measuredOf(name);
    const basis: VariantBasis =
      run === null || run.serviceCosts === null
        ? { kind: 'assumed' }
        : { kind: 'run', id: run.measured.runId, from: run.measured.on };
    return { ...{ kind: 'service', name, basis, measured: run?.measured ?? null }, size: { ...size, capacity } };
  };
  return [
    ...(functions.includes(ofBase) ? [] : [ofBase]),
    ...functions,
    service('fargate'),
    // Without a price, or without room for one task, there is nothing to say.
    ...(isKnownInstance(size.instanceType) && tasksOfInstance(size) > 0 ? [service('ec2')] : []),
  ];
}

const withCosts = (run: MeasuredRun | null): { basis: VariantBasis } => ({
  basis:
    run === null || run.coefficients === null
      ? { kind: 'assumed' }
      : { kind: 'run', id: run.measured.runId, from: run.measured.on },
});
