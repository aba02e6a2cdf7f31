/** The answer of `loadline choose`: functions or a service of tasks. */
import {
  type Choice,
  type ChoiceDay,
  type ChoiceInput,
  type Crossover,
  choose,
} from '../../capacity/servers/choose.ts';
import { type Move, movesOf } from '../../capacity/servers/sensitivity.ts';
import { type Variant, type VariantName, type VariantRow, variantRows } from '../../capacity/servers/variants.ts';
import { approx, dollars, plural } from '../analysis/numbers.ts';
import { assumptions, changingLater, failsAt } from './choose-texts.ts';
import { inTheWay, onceText } from './hold-text.ts';
import type { MeasuredVariant } from './measured-variant.ts';
import type { Measurement } from './measurement.ts';

const chooseReportSchemaVersion = 1;

/** What follows from the plan, the stacks and the costs: what a page with what-if calculates again. */
export interface ChooseAnswer extends Choice {
  sentence: string;
  /** Of the two, the cheaper one today that holds, or, where neither does, that holds once a limit is raised or set; null: neither does. */
  today: 'functions' | 'service' | null;
  /** Which functions are compared with the service; null: those of another stack. */
  functions: VariantName | null;
  /** Every variant of the reference stack. Empty: the costs are those of another stack. */
  variants: (VariantRow & { measured: MeasuredVariant | null })[];
}

/** As stable as report.json: fields may be added. */
export interface ChooseReport extends ChooseAnswer {
  schemaVersion: typeof chooseReportSchemaVersion;
  loadlineVersion: string;
  title: string;
  /** Each input by itself, half and twice as large. */
  moves: Move[];
  /** How they were measured, where this command did it; null: it did not. */
  measurement: Measurement | null;
  failsAt: { functions: string[]; service: string[] };
  changingLater: string[];
  basis: string[];
}

export interface ChooseAnswerInput extends ChoiceInput {
  compared: VariantName | null;
  /** `measured`: what the newest valid run of it showed; null: there is none. */
  variants: readonly (Variant & { measured: MeasuredVariant | null })[];
}

interface ChooseReportInput extends ChooseAnswerInput {
  loadlineVersion: string;
  measurement: Measurement | null;
  basis: string[];
}

/** Pure. */
export function chooseAnswer({ compared, variants, ...input }: ChooseAnswerInput): ChooseAnswer {
  const choice = choose(input);
  const today = todayOf(choice);
  const rows = variantRows({ ...input, variants });
  return {
    sentence: sentenceOf(choice, today),
    today,
    functions: compared,
    ...choice,
    variants: rows.map((row, place) => ({ ...row, measured: variants[place]?.measured ?? null })),
  };
}

/** Pure. */
export function buildChooseReport({ loadlineVersion, basis, measurement, ...input }: ChooseReportInput): ChooseReport {
  return {
    schemaVersion: chooseReportSchemaVersion,
    loadlineVersion,
    title: `Functions or a service of tasks: ${input.plan.name}`,
    ...chooseAnswer(input),
    ...{ moves: movesOf(input), measurement, failsAt },
    changingLater,
    basis: [...basis, ...assumptions],
  };
}

type Either = 'functions' | 'service';
const eithers: readonly Either[] = ['functions', 'service'];
const usdOf = ({ functions, service }: ChoiceDay): Record<Either, number> => ({
  functions: functions.usdPerMonth,
  service: service.usdPerMonth.mid,
});

/** Of the two that hold, or hold once a limit is raised, the cheaper one; null: neither does. */
export function todayOf({ days: [day] }: Pick<Choice, 'days'>): ChooseAnswer['today'] {
  if (day === undefined) return null;
  const usd = usdOf(day);
  const inState = (state: ChoiceDay[Either]['state']) => eithers.filter((each) => day[each].state === state);
  const candidates = [inState('holds'), inState('onceRaised')].find(({ length }) => length > 0) ?? [];
  return candidates.toSorted((a, b) => usd[a] - usd[b])[0] ?? null;
}

const costing = { functions: 'functions cost', service: 'a service of tasks costs' } as const;
const holding = { functions: 'functions hold', service: 'a service of tasks holds' } as const;
const named = { functions: 'functions', service: 'the service' } as const;

function sentenceOf(choice: Choice, today: ChooseReport['today']): string {
  const [day] = choice.days;
  if (day === undefined || today === null) return neitherSentence(day);
  const other = today === 'functions' ? 'service' : 'functions';
  const usd = usdOf(day);
  const of = { [today]: dollars(usd[today]), [other]: dollars(usd[other]) };
  const at = `Today, at ${plural(Math.round(day.connections), 'connection')}, `;
  const areAlike = day[today].state === day[other].state;
  const first = areAlike
    ? `${at}${costing[today]} less: ${of[today]} a month, ${named[other]} ${of[other]}.`
    : `${at}${holding[today]} for ${of[today]} a month${onceOf(day, today)}; ${named[other]} ${otherwise(day, other)} (${of[other]}).`;
  const both = areAlike && day[today].state === 'onceRaised' ? [neitherYet(day)] : [];
  return [...both, first, ...choice.crossovers.map(crossoverSentence), ...unknownSentences(choice)].join(' ');
}

function neitherSentence(day: ChoiceDay | undefined): string {
  if (day === undefined) return 'Neither holds today, with these settings and quotas.';
  const { functions, service } = day;
  return `Neither holds today, whatever is raised: in the way are ${inTheWay(functions)} of the functions and ${inTheWay(service)} of the service.`;
}

const neitherYet = ({ functions, service }: ChoiceDay): string =>
  `Neither holds as it is: functions do once ${onceText(functions)}, the service once ${onceText(service)}.`;

const onceOf = (day: ChoiceDay, which: Either): string =>
  day[which].state === 'onceRaised' ? `, once ${onceText(day[which])}` : '';

function otherwise(day: ChoiceDay, which: Either): string {
  const verb = which === 'functions' ? ['hold', 'do not hold'] : ['holds', 'does not hold'];
  switch (day[which].state) {
    case 'holds':
      return `${verb[0]} too`;
    case 'onceRaised':
      return `${verb[0]} once ${onceText(day[which])}`;
    case 'doesNotHold':
      return `${verb[1]}: ${inTheWay(day[which])}`;
    case 'unknown':
      return 'may or may not: what binds is unknown';
  }
}

/** What is in no bill. */
export function unknownSentences({ days: [day] }: Choice): string[] {
  if (day === undefined) return [];
  const { functions, unknownInBoth } = day;
  return [
    ...(functions.unknown.length > 0
      ? [
          `Not known, and left out of the functions’ bill, so that they cost more than is said: ${functions.unknown.join(', ')}.`,
        ]
      : []),
    ...(unknownInBoth.length > 0 ? [`Not known, and left out of both bills: ${unknownInBoth.join(', ')}.`] : []),
  ];
}

/** Beyond which size which variant is cheaper, and how sure that is. */
export function crossoverSentence({
  cheaperBeyond,
  connections,
  messagesPerSecond,
  interval,
  without,
}: Crossover): string {
  const doubt = without.length > 0 ? `; without ${without.join(', ')} of the functions` : '';
  return `Beyond ${approx(connections)} connections and ${approx(messagesPerSecond)} messages/s ${costing[cheaperBeyond]} less (${intervalText(interval)}${doubt}).`;
}

function intervalText({ from, to }: Crossover['interval']): string {
  if (from === null || to === null)
    return 'with the costs of a unit at an end of their intervals there is no such point';
  const [low, high] = [approx(Math.min(from, to)), approx(Math.max(from, to))];
  return low === high
    ? 'wherever in its interval the cost of a unit is'
    : `between ${low} and ${high}, by the intervals of what a unit costs`;
}
