import { usEast1Prices } from '../../aws/prices.ts';
import { unitsPerVcpu } from '../../aws/servers/task-size.ts';
import { withFallback } from '../../capacity/fallback/fallback-costs.ts';
import type { VariantBasis } from '../../capacity/servers/variants.ts';
import { chooseDocument } from '../../reports/choose/choose-document.ts';
import { buildChooseReport, type ChooseAnswerInput } from '../../reports/choose/choose-report.ts';
import { fallbackAssumption } from '../../reports/plan-assumptions.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { renderText } from '../../reports/render/text.ts';
import type { WhatIfPage } from '../../reports/what-if/section.ts';
import { type Basis, type BasisOptions, readBasis } from '../../run/basis.ts';
import { accept, readInputFile, readYamlFile } from '../../run/input-file.ts';
import { loadlineVersion } from '../../run/package-root.ts';
import type { MeasureRequest } from '../../run/variants/measure.ts';
import { isSameVariant, type MeasuredRun, readMeasuredVariants } from '../../run/variants/measured-variants.ts';
import { costsOfTasks, sizeOf } from '../../run/variants/service-size.ts';
import { inOrderFor, readTasksProfiles } from '../../run/variants/tasks-profile.ts';
import { functionsSettings } from '../../run/variants/variant-settings.ts';
import { comparedVariants, variantNames, withAsks } from '../../run/variants/variants.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import { nameOfSettings, nameOfWay } from '../../scenarios/reference/variants.ts';
import { fargateMemoryMb } from '../../stack/server/server-settings.ts';
import { parseSettings, type StackSettings, settingsSchema } from '../../stack/settings/settings.ts';
import { coefficientBasis } from '../options/coefficient-basis.ts';
import { sameCosts } from '../options/plan-again.ts';
import { taskBasis } from '../options/task-basis.ts';
import { writeReportPages } from '../report-pages.ts';
import type { Terminal } from '../terminal.ts';
import { type ChooseMeasureOptions, codeOf, measure } from './choose-measure.ts';

/** Either way, where durations are assumed, or those of this machine. An assumption about assumptions. */
const assumedDurationFactor = 2;

export interface ChooseOptions extends BasisOptions, ChooseMeasureOptions {
  settings?: string;
  measure?: boolean;
  report?: string;
  json?: boolean;
}

export async function choose(
  planFile: string,
  options: ChooseOptions,
  terminal: Terminal,
  make?: MeasureRequest['make'],
): Promise<void> {
  const { plan: stated } = accept(parseUsagePlan(readInputFile(planFile, 'usage plan'), planFile));
  const given = options.settings === undefined ? null : readYamlFile(options.settings, 'settings file', settingsSchema);
  const settings = given ?? parseSettings();
  const ofFunctions = functionsSettings(settings) ?? parseSettings();
  const measurement = options.measure
    ? await measure(
        { planFile, settings: ofFunctions, variants: variantNames(ofFunctions, sizeOf(settings)) },
        options,
        {
          terminal,
          ...(make && { make }),
        },
      )
    : null;
  if (measurement !== null) terminal.endWith(codeOf(measurement));
  const usesRuns = options.run !== 'none' || options.measure === true;
  const runs = usesRuns ? await readMeasuredVariants(options.runs) : [];
  const profiles = usesRuns ? await readTasksProfiles(options.profiles) : [];
  const basis = await basisOfFunctions(options, { given: given !== null, settings: ofFunctions, runs });
  const { newTable } = stated;
  const { plan, ...functions } = withFallback({
    ...{ plan: stated, coefficients: basis.coefficients, deployment: { ...basis.deployment, newTable } },
  });
  // Settings that were given say what the functions are, else those of what was measured.
  const name = (basis.settings && nameOfSettings(basis.settings)) ?? nameOfWay(ofFunctions);
  const tasks = costsOfTasks(runs, inOrderFor(name.store, profiles));
  // It keeps its rows where the functions do that it is compared with.
  const size = sizeOf({ ...settings, store: name.store });
  // Of somebody's own stack there are no variants.
  const variants =
    functions.deployment.code === undefined
      ? []
      : comparedVariants({
          ...{ settings: ofFunctions, size, runs, profiles, newTable },
          base: { name, basis: basisOf(basis), functions },
        }).map((each) => withAsks(each, plan));
  const input: ChooseAnswerInput = {
    ...{ plan, functions, variants, size },
    compared: variants.length === 0 ? null : name,
    shared: functions,
    ...{ prices: usEast1Prices, costs: tasks.costs },
    durationFactor: basis.coefficients.from === 'aws' ? 1 : assumedDurationFactor,
  };
  const report = buildChooseReport({
    ...{ ...input, loadlineVersion, measurement },
    basis: [
      coefficientBasis(basis),
      ...fallbackAssumption({ plan, ...functions }),
      taskBasis(tasks),
      `Tasks: ${settings.server.cpuUnits / unitsPerVcpu} vCPU and ${settings.server.memoryMb} MB each, on ${settings.server.capacity === 'fargate' ? 'Fargate' : settings.server.instanceType}, by the settings.`,
      'Prices: us-east-1, without free tiers.',
    ],
  });
  const document = chooseDocument(report);
  if (options.report !== undefined) {
    const whatIf = await livePage(input, { options, settings: variants.length === 0 ? null : settings });
    await writeReportPages(options.report, { name: 'choose', document, json: report, whatIf });
  }
  terminal.print(options.json ? printableJson(report) : renderText(document, terminal.columns));
}

/** The live page's code takes longer to load than the answer takes to compute. */
async function livePage(
  input: ChooseAnswerInput,
  { options, settings }: { options: ChooseOptions; settings: StackSettings | null },
): Promise<WhatIfPage> {
  const { liveChoice } = await import('../../reports/what-if/live-page.ts');
  const sizes = Object.entries(fargateMemoryMb).flatMap(([cpuUnits, memory]) =>
    memory.map((memoryMb) => `${cpuUnits}/${memoryMb}`),
  );
  return await liveChoice(input, { asked: sameCosts(options), notCopied: [], settings, sizes });
}

/** Where nothing else was asked for or found, the run of these functions among the measured variants. */
async function basisOfFunctions(
  options: ChooseOptions,
  { given, settings, runs }: { given: boolean; settings: StackSettings; runs: readonly MeasuredRun[] },
): Promise<Basis> {
  const using = { settings: given ? settings : undefined, fallback: settings };
  const basis = await readBasis(options, using);
  const own = runs.find(({ name, coefficients }) => coefficients !== null && isSameVariant(name, nameOfWay(settings)));
  if (basis.kind !== 'assumed' || own === undefined) return basis;
  return await readBasis({ run: own.folder }, using);
}

function basisOf(basis: Basis): VariantBasis {
  const { from } = basis.coefficients;
  if (basis.kind === 'assumed' || from === 'assumed') return { kind: 'assumed' };
  return basis.kind === 'run'
    ? { kind: 'run', id: basis.run.runId, from }
    : { kind: 'profile', id: basis.profile.profileId, from };
}
