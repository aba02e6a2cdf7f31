/** What `loadline run` and `loadline search` are asked for: scenario, plan, settings, target and load, checked before anything starts. */
import { resolve } from 'node:path';
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import { isPossibleSecret } from '../../engine/src/concealment.ts';
import type { ProfileRecord } from '../../record/profile.ts';
import type { RunRecord } from '../../record/run.ts';
import type { Workload } from '../../record/workload.ts';
import { scenarioFileOf } from '../../scenarios/catalogue/catalogue.ts';
import { asksOverHttpIn, offeredLoad } from '../../scenarios/catalogue/offered-load.ts';
import { parseScenario } from '../../scenarios/catalogue/scenario.ts';
import { parsePlan } from '../../scenarios/plan/plan.ts';
import { type LoadOverrides, planWorkload } from '../../scenarios/plan/workload.ts';
import { parseSettings, type StackSettings, settingsSchema } from '../../stack/settings/settings.ts';
import type { DistributionOptions } from '../distributed/distribution.ts';
import { environmentNamesOf } from '../distributed/worker-scenario.ts';
import { UsageError } from '../errors.ts';
import { accept, readInputFile, readYamlFile } from '../input-file.ts';
import { scenarioFolder } from '../package-root.ts';
import { checkEndpoint } from '../target/check-endpoint.ts';
import { loadOnEndpoint } from '../target/endpoint-load.ts';
import type { TargetChoice } from '../target/running-target.ts';
import { tasksProfileFor } from '../variants/tasks-profile.ts';
import { checkServesTabs, withFallback } from './fallback-setting.ts';
import { checkLoad, fleetsFor } from './generator-limits.ts';
import { checkProfile, isReference, readGivenProfile } from './given-profile.ts';
import { checkEffect, disconnectAtOf, localTimeScaleOf, readVariables } from './scenario-variables.ts';
import { checkSteps } from './step-check.ts';
import { chooseTarget, endpointOf, type TargetOptions } from './target-choice.ts';

/** As a caller gives them; absent: the default of the part that uses it. */
export interface RunOptions extends LoadOverrides, TargetOptions, DistributionOptions {
  plan: string;
  settings?: string;
  fleets: number;
  variable?: string[];
  profile?: string;
}

/** Everything that a run needs, checked. */
export interface RunRequest {
  scenarioFile: string;
  plan: UsagePlan;
  settings: StackSettings;
  workload: Workload;
  /** Variables of the scenario that are not the workload's. */
  variables?: Record<string, string>;
  /** The values of those that are recorded as env:NAME or file:PATH. */
  secretVariables?: Record<string, string>;
  /** What no file and no line on a terminal may contain, beyond what is secret of an endpoint. */
  secrets?: string[];
  /** When every connection is lost simultaneously, in seconds of the steady state; null: never. */
  disconnectAtSeconds?: number | null;
  target: TargetChoice;
  /** What each kind of load costs the stack; absent: the run measures it itself. */
  profile?: ProfileRecord;
  /** The same of the tasks of a service: the profile that was named, else the newest valid one. Absent: it is none, or nobody has measured it. */
  tasksProfile?: NonNullable<RunRecord['tasksProfile']>;
}

/** Secrets of an endpoint come from the environment. @throws UsageError with a sentence for each problem. */
export async function prepareRun(
  scenario: string,
  /** `asNeeded`: as many fleets as the connections need. */
  options: Omit<RunOptions, 'fleets'> & { fleets: number | 'asNeeded' },
  environment: NodeJS.ProcessEnv,
): Promise<RunRequest> {
  const { file } = accept(scenarioFileOf(scenario, scenarioFolder));
  const scenarioFile = resolve(file);
  const text = readInputFile(scenarioFile, 'scenario');
  const { scenario: parsed } = accept(parseScenario(text, file));
  const { shown, secret } = readVariables(options.variable ?? [], parsed, environment);
  const variables = { ...shown, ...secret };
  checkEffect(options, parsed, scenario);
  const { plan, benchmark } = accept(parsePlan(readInputFile(options.plan, 'usage plan'), options.plan));
  const planned = planWorkload(plan, benchmark, options);
  const asks = asksOverHttpIn(parsed, { ...parsed.variables, ...planned, ...variables });
  const given =
    options.settings === undefined ? parseSettings() : readYamlFile(options.settings, 'settings file', settingsSchema);
  const offered = offeredLoad(parsed, planned, variables);
  const endpoint = await endpointOf(options, environment);
  const isLocal = endpoint === null && options.target === 'local';
  const settings = asks && isLocal ? withFallback(given, scenario, options.settings) : given;
  const workload = endpoint
    ? loadOnEndpoint({ name: scenario, scenario: parsed, workload: offered, given: options }, endpoint)
    : offered;
  if (workload.connections === 0 && !endpoint?.webhooksOnly)
    throw new UsageError(
      '--connections 0: give at least 1. Only a stack without a WebSocket API takes webhooks alone.',
    );
  // Workers elsewhere have limits of their own.
  const fleets = options.fleets === 'asNeeded' ? fleetsFor(workload) : options.fleets;
  if (options.on === undefined) checkLoad(workload, fleets);
  const timeScale = options.timeScale ?? localTimeScaleOf(parsed, variables, options);
  const targetOptions = { ...options, ...(timeScale !== undefined && { timeScale }) };
  if (endpoint !== null) checkEndpoint(endpoint, { workload, fleets, scenario: parsed });
  if (options.on === undefined)
    checkSteps({
      ...{ name: scenario, scenario: parsed, workload, variables },
      ...{ fleets, foreign: endpoint?.step ?? null, webhookUrl: endpoint?.webhookUrl ?? null },
    });
  const target = await chooseTarget(targetOptions, { settings, seed: workload.seed, endpoint, environment });
  if (asks) checkServesTabs(target, scenario, variables.fallbackUrl ?? parsed.variables.fallbackUrl);
  const profile = options.profile === undefined ? undefined : await readGivenProfile(options.profile);
  if (profile) checkProfile(profile, target, settings);
  const tasksProfile = isReference(target) ? await tasksProfileFor(settings, profile) : null;
  const disconnectAtSeconds = disconnectAtOf(parsed, variables);
  const fromEnvironment = environmentNamesOf(text).map((name) => environment[name] ?? '');
  const ofTemplate = target.kind === 'template' ? target.own.secrets : [];
  const secrets = [...Object.values(secret), ...fromEnvironment, ...ofTemplate].filter(isPossibleSecret);
  return {
    ...{ scenarioFile, plan, settings, workload, disconnectAtSeconds, target },
    ...{ variables: shown, secretVariables: secret, secrets },
    ...(profile && tasksProfile === null && { profile }),
    ...(tasksProfile && { tasksProfile }),
  };
}

/** What a benchmark takes of it about variables. */
export const givenVariables = ({ variables, secretVariables, secrets }: RunRequest) => ({
  ...(variables && { variables }),
  ...(secretVariables && { secretVariables }),
  ...(secrets && { secrets }),
});
