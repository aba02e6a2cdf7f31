/** One quota, offered twice its rate, until a trial is conclusive. */
import { setTimeout as sleep } from 'node:timers/promises';
import { deviation, type Judgement, judge, type Quota } from './judge.ts';
import { NotOnTime, type Outcome, offer } from './open-loop.ts';

export interface QuotaTrial {
  quota: Quota;
  send: (index: number) => Promise<Outcome>;
  /** How long to offer, s. Default 4. */
  seconds?: number;
}

const mostTrials = 5;

/**
 * Rejects if the quota does not hold, or could not be measured, with the reason of each trial.
 * A trial spoilt by the generator is repeated; one that shows a different quota is not.
 */
export async function proveQuota({ quota, send, seconds = 4 }: QuotaTrial): Promise<void> {
  const spoilt: string[] = [];
  const offeredPerSecond = 2 * quota.ratePerSecond;
  const judged = async (): Promise<Judgement> => {
    try {
      const nowMs = () => performance.now();
      return judge(await offer({ ratePerSecond: offeredPerSecond, seconds, send, nowMs }), quota, offeredPerSecond);
    } catch (error) {
      if (error instanceof NotOnTime) return { kind: 'invalid', reason: error.message };
      throw error;
    }
  };
  for (let trial = 0; trial < mostTrials; trial++) {
    // Opens connections and environments that the first requests would otherwise wait for.
    await Promise.all(Array.from({ length: 16 }, (_, index) => send(index)));
    // Until the bucket is full, regardless of earlier use: another trial, or the handshakes of this one's sockets.
    await sleep((quota.burst / quota.ratePerSecond) * 1_000 + 300);
    const judgement = await judged();
    switch (judgement.kind) {
      case 'wrong':
        throw new Error(judgement.reason);
      case 'invalid':
        spoilt.push(judgement.reason);
        break;
      case 'measured': {
        const difference = deviation(judgement, quota);
        if (difference !== null) throw new Error(difference);
        return;
      }
    }
  }
  throw new Error(`could not be measured on this machine, in ${mostTrials} trials: ${spoilt.join('; ')}`);
}
