import { usEast1Prices } from '../../aws/prices.ts';
import { cacheNodePrices, instancePrices } from '../../aws/servers/server-prices.ts';
import { assumedServiceCosts } from '../../capacity/servers/service-costs.ts';
import type { ServiceSize } from '../../capacity/servers/service-demand.ts';
import { chooseDocument } from '../../reports/choose/choose-document.ts';
import { buildChooseReport } from '../../reports/choose/choose-report.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { renderText } from '../../reports/render/text.ts';
import { type BasisOptions, readBasis } from '../../run/basis.ts';
import { UsageError } from '../../run/errors.ts';
import { accept, readInputFile, readYamlFile } from '../../run/input-file.ts';
import { loadlineVersion } from '../../run/package-root.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import { parseSettings, type StackSettings, settingsSchema } from '../../stack/settings/settings.ts';
import { writeReportPages } from '../report-pages.ts';
import type { Terminal } from '../terminal.ts';

/** Either way. An assumption about assumptions. */
const assumedDurationFactor = 2;

interface ChooseOptions extends BasisOptions {
  settings?: string;
  report?: string;
  json?: boolean;
}

export async function choose(planFile: string, options: ChooseOptions, terminal: Terminal): Promise<void> {
  const { plan } = accept(parseUsagePlan(readInputFile(planFile, 'usage plan'), planFile));
  const settings =
    options.settings === undefined ? parseSettings() : readYamlFile(options.settings, 'settings file', settingsSchema);
  const basis = await readBasis(options, { settings, fallback: settings });
  const report = buildChooseReport({
    ...{ plan, coefficients: basis.coefficients, deployment: { ...basis.deployment, newTable: plan.newTable } },
    ...{ prices: usEast1Prices, size: sizeOf(settings), costs: assumedServiceCosts, loadlineVersion },
    durationFactor: basis.kind === 'assumed' ? assumedDurationFactor : 1,
    basis: [
      basis.kind === 'assumed'
        ? 'Functions: coefficients of the reference stack are assumed. Measure them with loadline run or loadline profile.'
        : 'Functions: coefficients were measured by the newest run or profile, or the one that was named.',
      `Tasks: ${settings.server.cpuUnits / 1_024} vCPU and ${settings.server.memoryMb} MB each, on ${settings.server.capacity === 'fargate' ? 'Fargate' : settings.server.instanceType}, by the settings.`,
      'Prices: us-east-1, without free tiers.',
    ],
  });
  const document = chooseDocument(report);
  if (options.report !== undefined) await writeReportPages(options.report, { name: 'choose', document, json: report });
  terminal.print(options.json ? printableJson(report) : renderText(document, terminal.columns));
}

/** @throws UsageError for a type whose price is not known. */
function sizeOf({ server }: StackSettings): ServiceSize {
  const { tasks, capacity, cpuUnits, memoryMb, instanceType, connectionsPerTask, targetCpuPercent, bus } = server;
  if (capacity === 'ec2' && instancePrices[instanceType] === undefined)
    throw new UsageError(
      `server.instanceType ${instanceType}: its price is not known. Use one of ${Object.keys(instancePrices).join(', ')}.`,
    );
  if (cacheNodePrices[bus.nodeType] === undefined)
    throw new UsageError(
      `server.bus.nodeType ${bus.nodeType}: its price is not known. Use one of ${Object.keys(cacheNodePrices).join(', ')}.`,
    );
  return {
    ...{ capacity, cpuUnits, memoryMb, instanceType, connectionsPerTask, targetCpuPercent, bus },
    ...{ mostTasks: tasks.most, leastTasks: tasks.least ?? tasks.count },
  };
}
