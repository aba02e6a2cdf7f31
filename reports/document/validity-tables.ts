/** Whether the measurements can be trusted: the generator's health, and Little's law against measured concurrency. */
import type { ConcurrencyRow } from '../analysis/concurrency.ts';
import type { GeneratorHealth } from '../analysis/generator.ts';
import { approx, milliseconds, percent } from '../analysis/numbers.ts';
import { findingInWords, type SteadyStateRow } from '../analysis/steady-state.ts';
import { figure, figureCell, type Table, words } from './document.ts';

export function generatorTable(generator: GeneratorHealth): Table {
  const { limits, sentShare } = generator;
  return {
    id: 'generator',
    caption: 'Health of the load generator',
    columns: [words(''), figure('measured'), figure('limit')],
    rows: [
      [
        { text: 'send lag p99' },
        figureCell(generator.sendLagP99Ms, milliseconds),
        { text: milliseconds(limits.sendLagP99Ms) },
      ],
      [{ text: 'send lag max' }, figureCell(generator.sendLagMaxMs, milliseconds), { text: '–' }],
      [
        { text: 'event-loop delay p99' },
        figureCell(generator.loopDelayP99Ms, milliseconds),
        { text: milliseconds(limits.loopDelayP99Ms) },
      ],
      [{ text: 'CPU per thread, mean' }, figureCell(generator.cpuShare, percent), { text: '–' }],
      [
        { text: `longest stretch over ${percent(limits.cpuShare)} of a core` },
        { text: `${generator.busySeconds} s` },
        { text: `under ${limits.busySeconds} s` },
      ],
      ...(['connects', 'messages', 'webhooks'] as const).map((what) => [
        { text: `${what} sent, share of those due` },
        figureCell(sentShare[what], percent, 'none due'),
        { text: `at least ${percent(limits.sentShare)}` },
      ]),
    ],
    notes: [],
  };
}

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
    rows: concurrency.map(({ role, steady, burst, momentary, measuredMax }) => [
      { text: role },
      ...[steady, burst, momentary, measuredMax].map((value) => figureCell(value, approx, 'unknown')),
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
