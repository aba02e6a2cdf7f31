/** Whether the measurements can be trusted: the generator's health, and Little's law against measured concurrency. */
import type { ConcurrencyRow } from '../../analysis/concurrency.ts';
import { type GeneratorHealth, type PhaseHealth, runPhases } from '../../analysis/generator.ts';
import { approx, count, milliseconds, percent, plural } from '../../analysis/numbers.ts';
import { findingInWords, type SteadyStateRow } from '../../analysis/steady-state.ts';
import { type Cell, figure, figureCell, type Table, words } from '../document.ts';

export function generatorTable(generator: GeneratorHealth): Table {
  const { limits, phases } = generator;
  const row = (name: string, cell: (health: PhaseHealth) => Cell, limit: number | string | null): Cell[] => [
    { text: name },
    ...runPhases.map((phase): Cell => {
      const health = phases[phase];
      return health ? cell(health) : { text: '–', tone: 'muted' };
    }),
    { text: limit === null ? '–' : typeof limit === 'number' ? milliseconds(limit) : limit },
  ];
  return {
    id: 'generator',
    caption: 'Health of the load generator',
    columns: [words(''), figure('ramp'), figure('steady state'), figure('drain'), figure('limit')],
    rows: [
      row('send lag p99', ({ sendLagP99Ms }) => figureCell(sendLagP99Ms, milliseconds), limits.sendLagP99Ms),
      row('connect lag p99', ({ connectLagP99Ms }) => figureCell(connectLagP99Ms, milliseconds), limits.sendLagP99Ms),
      row(
        'event-loop delay p99',
        ({ loopDelayP99Ms }) => figureCell(loopDelayP99Ms, milliseconds),
        limits.loopDelayP99Ms,
      ),
      row('longest stall', ({ longestStallMs }) => figureCell(longestStallMs, milliseconds), null),
      row('CPU per thread, mean', ({ cpuShare }) => figureCell(cpuShare, percent), null),
      row(
        `longest stretch over ${percent(limits.cpuShare)} of a core`,
        ({ busySeconds }) => ({ text: `${busySeconds} s` }),
        `under ${limits.busySeconds} s`,
      ),
    ],
    notes: [
      'In the steady state the limits hold for the phase as a whole. In the other phases, and wherever an objective is broken, what counts is the share of its own samples that the generator delayed: at most 1%, or it is judged without them.',
    ],
  };
}

/** What of the load was sent, over the whole run. */
export function sentTable({ sentShare, unsendable, limits }: GeneratorHealth): Table {
  const { noConnection, notRead, unansweredPosts } = unsendable;
  return {
    id: 'sent',
    caption: 'What the load generator sent',
    columns: [words(''), figure('share'), figure('limit')],
    rows: [
      ...(['connects', 'messages', 'webhooks'] as const).map((what) => [
        { text: `${what} sent, share of those due` },
        figureCell(sentShare[what], percent, 'none due'),
        { text: `at least ${percent(limits.sentShare)}` },
      ]),
    ],
    notes:
      noConnection + notRead + unansweredPosts === 0
        ? []
        : [
            `Not counted against the generator, because the target made it impossible: ${count(noConnection)} without an open connection, ${count(notRead)} on connections that the target had stopped reading, ${plural(unansweredPosts, 'post')} while all others were waiting for its answer.`,
          ],
  };
}

/** What hardly ever runs. */
const executions = (value: number): string => (value > 0 && value < 0.001 ? 'under 0.001' : approx(value));

export function concurrencyTable(concurrency: readonly ConcurrencyRow[]): Table {
  return {
    id: 'concurrency',
    caption: 'Lambda concurrency in this run: Little’s law against the measured maximum',
    columns: [
      words('function'),
      figure('mean L, steady'),
      figure('mean L, burst'),
      figure('burst peak (L + 3√L)'),
      figure('measured maximum'),
    ],
    rows: concurrency.map(({ id, steady, burst, momentary, measuredMax }) => [
      { text: id },
      ...[steady, burst, momentary, measuredMax].map((value) => figureCell(value, executions, 'unknown')),
    ]),
    notes: ['In executions. L = invocations/s × mean duration; random arrivals exceed L + 3√L about 0.1% of the time.'],
  };
}

export function steadyStateTable(rows: readonly SteadyStateRow[]): Table {
  return {
    id: 'steady-state',
    caption: 'Steadiness of the steady state, by the median of each second',
    columns: [words('latency'), figure('seconds judged'), words('finding')],
    rows: rows.flatMap(({ name, seconds, finding }) =>
      seconds === null
        ? []
        : [
            [
              { text: name },
              { text: `${seconds.count}`, detail: `from ${seconds.from} to ${seconds.to}` },
              {
                text: findingInWords(finding),
                ...(finding.kind === 'steady' && { tone: 'good' as const }),
                ...(finding.kind === 'tooFew' && { tone: 'muted' as const }),
                ...(!['steady', 'tooFew'].includes(finding.kind) && { tone: 'bad' as const }),
              },
            ],
          ],
    ),
    notes: [
      'MSER-5 (White, Simulation 69(6), 1997) on the steady state without its webhook burst. A series is unsteady where the means differ by 20% and by 5 standard errors; about 1% of steady series are misjudged.',
    ],
  };
}
