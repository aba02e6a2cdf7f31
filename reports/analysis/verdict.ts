/** The verdict: what a run showed, as a status and one sentence. */

import type { KnownHeadroom } from '../../capacity/headroom/headroom.ts';
import type { RunRecord } from '../../record/run.ts';
import { hasBurst } from '../../record/workload.ts';
import { isCause } from './judgement/cause-sentences.ts';
import { plural, quantity } from './numbers.ts';
import type { Reason } from './warnings/reason.ts';

export type VerdictStatus = 'ok' | 'sloBroken' | 'invalid' | 'partial';

export interface Verdict {
  status: VerdictStatus;
  sentence: string;
  /** Why it is not `ok`. */
  reasons: Reason[];
}

/**
 * What was damaged since the run comes first, for nothing else in its folder can be trusted. Partial comes before invalid, and invalid before broken:
 * a run that was cut off can't be judged, and one that wasn't measured properly can't break an objective. Last comes what the generator left undecided: a run that broke another objective is broken all the same, and one that broke
 * none is invalid, for it did not meet its SLO as a whole.
 */
export function statusOf(reasons: {
  damaged: Reason[];
  partial: Reason[];
  invalid: Reason[];
  /** Objectives that could not be judged because of the generator. */
  unjudged: Reason[];
  sloBroken: Reason[];
  /** What broke the objectives, the largest first, and what else the target did. They only explain a run whose SLO is broken. */
  causes: Reason[];
  conduct: Reason[];
}): Pick<Verdict, 'status' | 'reasons'> {
  if (reasons.damaged.length > 0) return { status: 'invalid', reasons: [...reasons.damaged, ...reasons.partial] };
  // A ledger that was cut off cannot balance, so an imbalance would say nothing.
  if (reasons.partial.length > 0) return { status: 'partial', reasons: reasons.partial };
  const { invalid, sloBroken, unjudged } = reasons;
  if (invalid.length > 0) return { status: 'invalid', reasons: [...invalid, ...unjudged, ...sloBroken] };
  if (sloBroken.length > 0)
    return { status: 'sloBroken', reasons: [...reasons.causes, ...sloBroken, ...unjudged, ...reasons.conduct] };
  if (unjudged.length > 0) return { status: 'invalid', reasons: unjudged };
  return { status: 'ok', reasons: [] };
}

/** A verdict's sentence begins with it. */
export const verdictLeads = { ok: 'OK', sloBroken: 'SLO broken', invalid: 'Invalid', partial: 'Partial' } as const;

const targetNames = { local: 'the local target', aws: 'the stack on AWS', endpoint: 'the endpoint' } as const;

const howItEnded = {
  target: 'The target crashed',
  connection: 'The target could not be loaded',
  artillery: 'Artillery crashed',
  collector: 'The collector crashed',
  engine: 'The engine crashed',
  folder: 'The run could not be recorded',
  loadline: 'Loadline itself failed',
} as const;

export function partialReasons(run: RunRecord, client: { complete: boolean } | null): Reason[] {
  const reasons: Reason[] = [];
  const { outcome } = run;
  if (outcome.kind === 'interrupted')
    reasons.push({
      code: 'interrupted',
      sentence: `The run was interrupted (${outcome.signal}).`,
      next: 'Run it again to its end.',
    });
  if (outcome.kind === 'crashed')
    reasons.push({
      code: `crashed.${outcome.part}`,
      sentence: `${howItEnded[outcome.part]}: ${outcome.reason.replace(/[.?!]?$/, '')}.`,
      next: nextAfterCrash(outcome.part),
    });
  if (outcome.kind === 'running')
    reasons.push({
      code: 'running',
      sentence: 'The run has not recorded its end.',
      next: 'Wait for it to end; if it is no longer running, run it again.',
    });
  if (client === null)
    reasons.push({
      code: 'noObservation',
      sentence: 'There is no observation.json: nothing was measured, or it could not be joined.',
      next: 'Look in logs/ of the run folder.',
    });
  // Where no connection could be opened, or the run was interrupted, the fleets were stopped, and why is said.
  const wasStopped = outcome.kind === 'interrupted' || (outcome.kind === 'crashed' && outcome.part === 'connection');
  if (client?.complete === false && !wasStopped)
    reasons.push({
      code: 'cutOff',
      sentence: 'The client’s measurements end before their last line.',
      next: 'Look in logs/ for why the generator stopped.',
    });
  return reasons;
}

function nextAfterCrash(part: keyof typeof howItEnded): string {
  switch (part) {
    case 'connection':
      return 'Mend what kept connections from opening, and run it again; logs/ of the run folder has the rest.';
    case 'folder':
      return 'Make room there, or name another place, and run it again.';
    default:
      return 'Look in logs/ of the run folder.';
  }
}

export interface SentenceParts {
  status: VerdictStatus;
  run: RunRecord;
  reasons: readonly Reason[];
  /** How many were due; only the scenario knows their rate. */
  publishes: number;
  /** Of the plan today. */
  binding: KnownHeadroom | null;
  /** The first quota to be exhausted; null: none within the horizon. */
  exhausted: { name: string; date: string } | null;
  horizonMonths: number;
}

export function verdictSentence(parts: SentenceParts): string {
  const { status, run, reasons } = parts;
  const target = targetNames[run.target.kind];
  const load = loadInWords(run, parts.publishes);
  const first = reasons[0]?.sentence ?? '';
  const lead = verdictLeads[status];
  const causes = reasons.flatMap(({ code, sentence }) => (code.startsWith('cause.') ? [sentence] : []));
  switch (status) {
    case 'ok':
      return `${lead}: ${target} met its SLO at ${load}${capacityInWords(parts)}.`;
    case 'sloBroken': {
      // The largest cause, and the first objective that it broke.
      const objective = reasons.find((reason) => !isCause(reason));
      const said = [...causes.slice(0, 1), ...(objective ? [objective.sentence] : [])];
      return `${lead}: ${target} did not meet its SLO at ${load}. ${said.join(' ')}`;
    }
    case 'invalid':
      return `${lead}: this run against ${target} is inconclusive at ${load}. ${[first, ...causes].join(' ')}`;
    case 'partial':
      return run.outcome.kind === 'running'
        ? `${lead}: this run against ${target}, at ${load}, has not ended: it is under way, or was cut off without a word.`
        : `${lead}: this run against ${target}, at ${load}, did not finish. ${[first, ...causes].join(' ')}`;
  }
}

/** What was offered, without what the scenario does not do. */
function loadInWords({ workload }: RunRecord, publishes: number): string {
  const { connections, messageRatePerSecond: messages, webhookRatePerSecond: webhooks, burstRatePerSecond } = workload;
  const parts = [
    // Without any, webhooks come alone.
    ...(connections > 0 ? [plural(connections, 'connection')] : []),
    ...(messages > 0 ? [quantity(messages, 'messages/s')] : []),
    ...(webhooks > 0 && !hasBurst(workload) ? [quantity(webhooks, 'webhooks/s')] : []),
    ...(hasBurst(workload) ? [`${quantity(burstRatePerSecond, 'webhooks/s')} in a burst`] : []),
    ...(publishes > 0 ? [plural(publishes, 'publish', 'publishes')] : []),
  ];
  return parts.length === 1 ? `${parts[0]}` : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** `; the plan holds until 2027-07-08, when Webhook API stage throttle runs out (modelled on AWS)`: the rest is in the tiles. */
function capacityInWords({ run, binding, exhausted, horizonMonths }: SentenceParts): string {
  if (!binding) return '';
  const modelled = run.target.kind === 'local' ? ' (modelled on AWS)' : '';
  if (!exhausted) return `; no quota of the plan runs out within ${plural(horizonMonths, 'month')}${modelled}`;
  if (exhausted.date === run.plan.asOf) return `; the plan exceeds ${exhausted.name} already today${modelled}`;
  return `; the plan holds until ${exhausted.date}, when ${exhausted.name} runs out${modelled}`;
}
