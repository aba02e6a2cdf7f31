/** What the target did to its clients beside answering them: closes, refused upgrades, frames that were not expected. Seen from outside, so it holds for any target. */
import type { Observation } from '../../record/observation.ts';
import type { LocalModel } from '../../record/run.ts';
import { closeInWords } from './judgement/cause-sentences.ts';
import { mostFirst, mostFrequent } from './judgement/causes.ts';
import { endedBy } from './judgement/fault-effects.ts';
import { count, plural } from './numbers.ts';
import type { Reason } from './warnings/reason.ts';

export interface TargetConduct {
  /** Connections that were open and that the load had not asked to close, by code (1006: without a close frame) and reason (may be empty); most first. */
  closes: { code: string; reason: string; count: number }[];
  /** Connects that failed, by HTTP status or error; without timeouts. Most first. */
  refusedConnects: { answer: string; count: number }[];
  /** Frames that could not be read, and frames of a type that was not expected. */
  framesUnreadable: number;
  framesUnexpected: number;
  /** The first few different ones, shortened and without secrets, with how often each came. */
  firstFrames: { text: string; count: number }[];
}

/** Kinds of closes that are listed; the rest is counted together by the client already. */
const mostKinds = 20;

export function conductOf({ client }: Pick<Observation, 'client'>): TargetConduct {
  return {
    closes: mostFirst(client.closesByServer ?? {})
      .slice(0, mostKinds)
      .map(([key, n]) => {
        const [code = '', ...reason] = key.split(' ');
        return { code, reason: reason.join(' '), count: n };
      }),
    refusedConnects: mostFrequent(client, 'connect').slice(0, mostKinds),
    framesUnreadable: client.totals.framesUnreadable,
    framesUnexpected: client.totals.framesUnexpected,
    firstFrames: Object.entries(client.unexpectedFrames ?? {})
      .slice(0, mostFrames)
      .map(([text, n]) => ({ text, count: n })),
  };
}
const mostFrames = 5;

/** What a reader must know of it, a reason each. @param faults that were injected: one of them may have closed the connections. */
export function conductReasons(
  { closes, refusedConnects, framesUnreadable, framesUnexpected, firstFrames }: TargetConduct,
  faults: LocalModel['faults'] = [],
): Reason[] {
  const closed = closes.reduce((sum, each) => sum + each.count, 0);
  const refused = refusedConnects.reduce((sum, each) => sum + each.count, 0);
  const frames = framesUnreadable + framesUnexpected;
  const [first] = firstFrames;
  return [
    ...(closed > 0
      ? [
          {
            code: 'target.closed',
            sentence: `The target closed ${plural(closed, 'connection')}: ${someOf(closes.map((each) => `${count(each.count)} with ${closeInWords(each)}`))}.`,
            next: adviceOnCloses(closes, faults),
          },
        ]
      : []),
    ...(refused > 0
      ? [
          {
            code: 'target.refused',
            sentence: `${plural(refused, 'connect')} failed: ${someOf(refusedConnects.map((each) => `${count(each.count)} with ${statusInWords(each.answer)}`))}.`,
            next: 'Check URL, token and headers, and how many connections the target accepts.',
          },
        ]
      : []),
    ...(frames > 0
      ? [
          {
            code: 'target.frames',
            sentence: `${plural(frames, 'frame')} ${frames === 1 ? 'was' : 'were'} not expected${first ? `, the first: ${first.text}` : ''}.`,
            next: 'Say how an answer is recognised (--answer), or check that the target speaks this protocol.',
          },
        ]
      : []),
  ];
}

export const statusInWords = (answer: string): string => (/^\d{3}$/.test(answer) ? `HTTP ${answer}` : answer);

const mostShown = 3;
const someOf = (all: readonly string[]): string =>
  all.length > mostShown
    ? `${all.slice(0, mostShown).join(', ')} and ${count(all.length - mostShown)} other kinds`
    : all.join(', ');

function adviceOnCloses(closes: TargetConduct['closes'], faults: LocalModel['faults']): string {
  const injected = closes.map(({ code }) => endedBy(faults, code)?.name);
  const [name] = injected;
  if (name !== undefined && injected.every((each) => each !== undefined))
    return `The injected fault “${name}” ends connections so; clients that reconnect (reconnectAttempts) come back.`;
  return 'Check what it expects of a client: a login, a subprotocol, a keep-alive, other messages.';
}
