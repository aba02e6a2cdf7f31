/** What is said while variants are measured, and of how they were. */
import type { VariantName } from '../../capacity/servers/variants.ts';
import { approx, plural } from '../analysis/numbers.ts';
import type { VerdictStatus } from '../analysis/verdict.ts';
import { type Cell, figure, type Table, words } from '../document/document.ts';
import type { MeasuredStepReport, Measurement } from './measurement.ts';
import { variantText } from './variant-tables.ts';

const stepNames = {
  load: 'the plan’s load',
  webhooks: 'webhooks alone, ten times as many',
  costs: 'each kind of load by itself',
} as const;

const minutes = (seconds: number): string =>
  seconds < 100 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;

/** Beyond it what else runs here is in the results. An assumption. */
const quietShare = 0.25;

export function beginLines({
  steps,
  seconds,
  busyShare,
}: {
  steps: readonly { variant: VariantName }[];
  seconds: number;
  busyShare: number;
}): string[] {
  const variants = new Set(steps.map(({ variant }) => variantText(variant))).size;
  return [
    `Measuring ${plural(variants, 'variant')} on this machine in ${plural(steps.length, 'step')}, about ${minutes(seconds)}. Whatever else runs here is in the results: keep the machine quiet. Ctrl-C keeps what was measured, and the same command goes on from there.`,
    ...busyLines(busyShare),
  ];
}

const busyLines = (busyShare: number): string[] =>
  busyShare > quietShare
    ? [
        `The machine is busy: ${approx(busyShare)} processes wanted each of its cores in the last minute. Latencies and rates will be of them as well.`,
      ]
    : [];

export const stepBeginLine = (step: {
  number: number;
  of: number;
  variant: VariantName;
  step: keyof typeof stepNames;
  expectedSeconds: number;
  leftSeconds: number;
}): string =>
  `${step.number} of ${step.of}: ${variantText(step.variant)}: ${stepNames[step.step]}, about ${minutes(step.expectedSeconds)} (${minutes(step.leftSeconds)} left) …`;

export const stepEndLine = ({ seconds, result, variant, step }: MeasuredStepReport): string =>
  result.kind === 'reused'
    ? `${variantText(variant)}: ${stepNames[step]}: measured before, ${result.id}.`
    : `  ${resultText({ result, step })}, after ${minutes(seconds)}.`;

function resultText({ result, step }: Pick<MeasuredStepReport, 'result' | 'step'>): string {
  switch (result.kind) {
    case 'measured':
    case 'reused':
      // More webhooks come than are expected to be taken: what broke is the answer.
      return `${step === 'webhooks' && result.status === 'sloBroken' ? 'Measured' : statusText(result.status)}${result.status === 'invalid' ? ` and not used: ${withoutDot(result.sentence)}` : ''} (${result.id})`;
    case 'failed':
      return `Failed: ${withoutDot(result.sentence)}`;
    case 'interrupted':
      return 'Interrupted';
  }
}

const statusText = (status: VerdictStatus): string =>
  ({ ok: 'OK', sloBroken: 'Measured, SLO broken', invalid: 'Invalid', partial: 'Partial' })[status];

const withoutDot = (sentence: string): string => sentence.replace(/\.$/, '');

/** Null: nothing was measured by this command. */
export function stepsTable({ measurement }: { measurement: Measurement | null }): Table | null {
  if (measurement === null) return null;
  const { startedAt, endedAt, steps, busyShare } = measurement;
  const clock = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
  return {
    id: 'measured-steps',
    caption: `How it was measured: by one command, from ${clock(startedAt)} to ${clock(endedAt)}`,
    columns: [words('variant'), words('what'), figure('took'), words('result')],
    rows: steps.map(({ variant, step, seconds, result }): Cell[] => [
      { text: variantText(variant) },
      { text: stepNames[step] },
      { text: result.kind === 'reused' ? 'measured before' : minutes(seconds) },
      { text: resultText({ result, step }), ...toneOf(result) },
    ]),
    notes: busyLines(busyShare),
  };
}

function toneOf(result: MeasuredStepReport['result']): Pick<Cell, 'tone'> {
  if (result.kind === 'failed') return { tone: 'bad' };
  return 'status' in result && result.status === 'invalid' ? { tone: 'bad' } : {};
}
