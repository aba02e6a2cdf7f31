/** The answer of `loadline choose`: functions or a service of tasks. */
import { type Choice, type ChoiceInput, type Crossover, choose } from '../../capacity/servers/choose.ts';
import { approx, dollars, plural } from '../analysis/numbers.ts';

const chooseReportSchemaVersion = 1;

/** As stable as report.json: fields may be added. */
export interface ChooseReport extends Choice {
  schemaVersion: typeof chooseReportSchemaVersion;
  loadlineVersion: string;
  title: string;
  sentence: string;
  /** Of the two, the cheaper one today that holds; null: neither holds. */
  today: 'functions' | 'service' | null;
  failsAt: { functions: string[]; service: string[] };
  changingLater: string[];
  basis: string[];
}

interface ChooseReportInput extends ChoiceInput {
  loadlineVersion: string;
  basis: string[];
}

/** Pure. */
export function buildChooseReport({ loadlineVersion, basis, ...input }: ChooseReportInput): ChooseReport {
  const choice = choose(input);
  const today = todayOf(choice);
  return {
    schemaVersion: chooseReportSchemaVersion,
    loadlineVersion,
    title: `Functions or a service of tasks: ${input.plan.name}`,
    sentence: sentenceOf(choice, today),
    today,
    ...choice,
    failsAt,
    changingLater,
    basis: [...basis, ...assumptions],
  };
}

function todayOf({ days: [day] }: Choice): ChooseReport['today'] {
  if (day === undefined) return null;
  const { functions, service } = day;
  const serviceHolds = service.exceeded.every(({ kind }) => kind === 'fargateVcpu');
  if (functions.holds && serviceHolds)
    return functions.usdPerMonth <= service.usdPerMonth.mid ? 'functions' : 'service';
  return functions.holds ? 'functions' : serviceHolds ? 'service' : null;
}

const costing = { functions: 'functions cost', service: 'a service of tasks costs' } as const;
const holding = { functions: 'functions hold', service: 'a service of tasks holds' } as const;
const named = { functions: 'functions', service: 'the service' } as const;

function sentenceOf({ days: [day], crossovers }: Choice, today: ChooseReport['today']): string {
  if (day === undefined || today === null) return 'Neither holds today, with these settings and quotas.';
  const { functions, service } = day;
  const of = { functions: dollars(functions.usdPerMonth), service: dollars(service.usdPerMonth.mid) };
  const other = today === 'functions' ? 'service' : 'functions';
  const isCheaper = functions.usdPerMonth <= service.usdPerMonth.mid === (today === 'functions');
  const first = `Today, at ${plural(Math.round(day.connections), 'connection')}, ${isCheaper ? `${costing[today]} less` : holding[today]}: ${of[today]} a month, ${named[other]} ${of[other]}.`;
  return [first, ...crossovers.map(crossoverSentence)].join(' ');
}

/** Beyond which size which variant is cheaper, and how sure that is. */
export function crossoverSentence({ cheaperBeyond, connections, messagesPerSecond, interval }: Crossover): string {
  return `Beyond ${approx(connections)} connections and ${approx(messagesPerSecond)} messages/s ${costing[cheaperBeyond]} less (${intervalText(interval)}).`;
}

function intervalText({ from, to }: Crossover['interval']): string {
  if (from === null || to === null)
    return 'with the costs of a unit at an end of their intervals there is no such point';
  const [low, high] = [approx(Math.min(from, to)), approx(Math.max(from, to))];
  return low === high
    ? 'wherever in its interval the cost of a unit is'
    : `between ${low} and ${high}, by the intervals of what a unit costs`;
}

const failsAt = {
  functions: [
    'A connection ends after 2 h, and after 10 min without traffic: clients come back all day (L-A6CCE716, L-60AC41CD).',
    'A new account has 10 concurrent executions, and 500 new connections a second: a reconnect storm meets both (L-B99A9384, L-9ED1E49A).',
    'A function that is throttled answers a webhook with 500 or 503, and a provider may not come back.',
    'Cold starts are in the p99 of what comes rarely; each push is an HTTP call.',
  ],
  service: [
    'Every deployment closes every connection: over how long is a setting (closeOverSeconds), and clients must come back with jitter.',
    'A task that dies takes its connections with it, thousands at once; a single task is an outage. So there is always one more than the load needs.',
    'Autoscaling takes 3 to 5 minutes, and idle WebSockets look like no load: bursts are met with what is there.',
    'The bus keeps nothing: while it moves to another node, pushes across tasks wait or come twice.',
    'A client that stops reading costs memory until it is cut off.',
  ],
};

const changingLater = [
  'Protocol, tokens, table, queue and secrets are the same: rows and messages of one variant are read by the other.',
  'The addresses change: both stacks can run side by side on different names, and DNS or the page that hands out the URL moves users over; connections move when they reconnect.',
  'The webhook provider gets a new URL and challenge; events are claimed by id, so a webhook that comes to both is pushed once only where both use one table.',
  'From functions to tasks: a container image, a VPC, deployments that drain, alarms on memory and health. Back: reserved concurrency, quotas raised in time (days), clients that survive 2 h.',
];

const assumptions = [
  'What a unit costs a task is assumed within a factor of 2 either way, from public measurements of ws and what the reference stack does beside, and so are durations of functions that no run measured; the interval of a crossover is that of these costs.',
  'Tasks are those of the peak plus one spare, all month: autoscaling saves some of it. Table, queue, data out, secrets and metrics are in both bills; logs of tasks are left out.',
  'A point on the way is this plan with more or fewer users; what a user does stays.',
];
