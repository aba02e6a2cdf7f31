/**
 * Every section of the reports of a run and of a plan, each listed here once and in this order, which is that in which somebody doubts the answer. A report has those
 * for which it has content.
 */
import type { Reason } from '../analysis/warnings/reason.ts';
import type { PlanReport } from '../plan-report.ts';
import type { Report } from '../report.ts';
import { happeningsChart } from './charts/happenings-chart.ts';
import { distributionChart, latencyBands } from './charts/latency-charts.ts';
import { costChart, costPerUserChart, usersChart, utilisationChart } from './charts/projection-charts.ts';
import { timelineCharts, timelineSentence } from './charts/timeline.ts';
import { type Block, charts, findings, type Item, list, paragraph, type Section, tables } from './document.ts';
import { queueBurstSentence } from './queue-burst.ts';
import { quotaLinks } from './quota-links.ts';
import { recommendationFindings, recommendationNote } from './recommendation-findings.ts';
import { runFacts } from './run-facts.ts';
import { conductTable } from './tables/conduct-table.ts';
import { costTable } from './tables/cost-table.ts';
import { deliveryTable } from './tables/delivery-table.ts';
import { fallbackStagesTable, fallbackTable } from './tables/fallback-table.ts';
import { headroomTables } from './tables/headroom-tables.ts';
import { latencyTable, sloTable } from './tables/latency-tables.ts';
import { eventTable, outcomeTable } from './tables/ledger-tables.ts';
import { measuredFallbackTable } from './tables/measured-fallback-table.ts';
import { occasionTable } from './tables/occasion-table.ts';
import { projectionTable } from './tables/projection-table.ts';
import { resourceTables } from './tables/resource-tables.ts';
import { routeEventTable, routeLatencyTable, routeOutcomeTable } from './tables/route-tables.ts';
import { concurrencyTable, generatorTable, sentTable, steadyStateTable } from './tables/validity-tables.ts';

/** The input of the sections: a run's report has nearly all of it, a plan's has what was calculated. */
export type Parts = Pick<Report, 'headroom' | 'projection' | 'cost' | 'costOverTime' | 'recommendations'> &
  Partial<
    Pick<
      Report,
      | 'verdict'
      | 'run'
      | 'queueBurst'
      | 'fallback'
      | 'slo'
      | 'latency'
      | 'timeline'
      | 'ledger'
      | 'routes'
      | 'conduct'
      | 'resources'
      | 'generator'
      | 'steadyState'
      | 'concurrency'
      | 'warnings'
      | 'howMeasured'
      | 'latencyOverTime'
      | 'distributions'
      | 'happenings'
      | 'deliveryStages'
      | 'measuredFallback'
    > &
      Pick<PlanReport, 'basis' | 'occasions' | 'doubt'>
  >;

const listed: readonly { id: string; title: string; blocks: (parts: Parts) => Block[] }[] = [
  {
    id: 'why',
    title: 'Why',
    blocks: (parts) => [
      ...list(reasonItems(parts.verdict?.reasons ?? [], parts)),
      ...(parts.doubt ? [paragraph(parts.doubt)] : []),
    ],
  },
  {
    id: 'headroom',
    title: 'Headroom',
    blocks: ({ headroom, run, queueBurst }) => {
      const burst = queueBurstSentence(queueBurst ?? null);
      return [
        ...tables(...headroomTables(headroom, { onAws: run?.target.kind === 'aws', withRun: run !== undefined })),
        ...(burst ? [paragraph(burst)] : []),
      ];
    },
  },
  {
    id: 'projection',
    title: 'Projection',
    blocks: ({ projection }) =>
      projection
        ? [...charts(utilisationChart(projection), usersChart(projection)), ...tables(projectionTable(projection))]
        : [],
  },
  {
    id: 'occasions',
    title: 'Arrivals and fan-out',
    blocks: ({ occasions = [] }) => tables(occasionTable(occasions)),
  },
  {
    id: 'fallback',
    title: 'Fallback',
    blocks: ({ fallback, measuredFallback = [] }) => [
      ...tables(measuredFallbackTable(measuredFallback)),
      ...(fallback ? tables(fallbackTable(fallback), fallbackStagesTable(fallback)) : []),
    ],
  },
  {
    id: 'latency',
    title: 'Latency',
    blocks: ({
      verdict,
      slo = [],
      latency = [],
      latencyOverTime = [],
      distributions = [],
      timeline = null,
      happenings = [],
    }) =>
      latency.length === 0 && slo.length === 0
        ? []
        : [
            ...charts(...latencyBands(latencyOverTime, timeline, happenings), distributionChart(distributions)),
            ...tables(sloTable(slo, verdict?.status ?? 'ok'), latencyTable(latency)),
          ],
  },
  {
    id: 'routes',
    title: 'By route',
    blocks: ({ routes = [] }) => tables(routeLatencyTable(routes), routeOutcomeTable(routes), routeEventTable(routes)),
  },
  {
    id: 'timeline',
    title: 'Timeline',
    blocks: ({ timeline, happenings = [] }) =>
      timeline
        ? [
            paragraph(timelineSentence(timeline)),
            ...charts(happeningsChart(happenings, timeline), ...timelineCharts(timeline)),
          ]
        : [],
  },
  {
    id: 'delivery',
    title: 'Delivery by stage',
    blocks: ({ deliveryStages = [] }) => tables(deliveryTable(deliveryStages)),
  },
  {
    id: 'resources',
    title: 'Resources',
    blocks: ({ resources }) => (resources ? tables(...resourceTables(resources)) : []),
  },
  {
    id: 'cost',
    title: 'Cost',
    blocks: ({ cost, costOverTime, projection }) => [
      ...(projection && costOverTime.length > 1
        ? charts(costChart(costOverTime, projection), costPerUserChart(costOverTime, projection))
        : []),
      ...tables(costTable(cost)),
    ],
  },
  {
    id: 'recommendations',
    title: 'Recommendations',
    blocks: ({ recommendations }) => {
      const all = findings(recommendationFindings(recommendations));
      return all.length > 0 ? [...all, paragraph(recommendationNote)] : [];
    },
  },
  {
    id: 'ledger',
    title: 'Ledger',
    blocks: ({ ledger, conduct }) =>
      tables(
        ledger ? eventTable(ledger) : null,
        ledger ? outcomeTable(ledger) : null,
        conduct ? conductTable(conduct) : null,
      ),
  },
  {
    id: 'validity',
    title: 'Validity',
    blocks: ({ generator, steadyState = [], concurrency = [] }) =>
      tables(
        generator ? generatorTable(generator) : null,
        generator ? sentTable(generator) : null,
        steadyStateTable(steadyState),
        concurrencyTable(concurrency),
      ),
  },
  { id: 'warnings', title: 'Warnings', blocks: (parts) => list(reasonItems(parts.warnings ?? [], parts)) },
  { id: 'method', title: 'How it was measured', blocks: ({ howMeasured = [] }) => list(sentences(howMeasured)) },
  { id: 'assumptions', title: 'Assumptions', blocks: ({ basis = [] }) => list(sentences(basis)) },
  { id: 'run', title: 'The run', blocks: ({ run }) => (run ? [{ kind: 'facts', facts: runFacts(run) }] : []) },
];

export const sectionsOf = (parts: Parts): Section[] =>
  listed
    .map(({ id, title, blocks }) => ({ id, title, blocks: doubted(id, blocks(parts), parts) }))
    .filter(({ blocks }) => blocks.length > 0);

/** What is calculated from the run's coefficients. */
const calculated: readonly string[] = ['headroom', 'projection', 'cost', 'recommendations'];

/** What an invalid or a partial run implies is never shown without that. */
function doubted(id: string, blocks: Block[], { verdict }: Parts): Block[] {
  const status = verdict?.status;
  if (blocks.length === 0 || !calculated.includes(id) || (status !== 'invalid' && status !== 'partial')) return blocks;
  const doubt = `The run is ${status}, so its coefficients, and what is calculated from them here, may be wrong: rely on those of a valid run (loadline plan --run).`;
  return [paragraph(doubt), ...blocks];
}

/** Reasons and warnings; one about a quota links to its row of the headroom table, where there is one. */
function reasonItems(reasons: readonly Reason[], { headroom }: Parts): Item[] {
  return reasons.map(({ sentence, next, quotaId }) => {
    const links = quotaId === undefined ? [] : quotaLinks(headroom, [{ quotaId }]);
    return { text: sentence, next, ...(links.length > 0 && { links }) };
  });
}

export const sentences = (all: readonly string[]): Item[] => all.map((text) => ({ text }));
