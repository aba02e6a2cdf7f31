/** When webhook providers retry. Each retry is counted from the first attempt. */
import type { RetryWindow } from './spec.ts';

interface Provider {
  /** In a sentence, with its source. */
  sentence: string;
  retries: readonly RetryWindow[];
}

const seconds = (from: number, to = from): RetryWindow => ({ fromMs: from * 1_000, toMs: to * 1_000 });

export const providers = {
  /**
   * Three attempts in total, exponential back-off, the last 10 to 20 min after the first (Nylas, "Using webhooks", read 2026-11). When the second comes
   * is not documented: with a delay that doubles, the last comes after three times the first delay.
   */
  nylas: {
    sentence:
      'a refused webhook is retried twice, at a random time 200 to 400 s and 10 to 20 min after its first attempt (Nylas documents three attempts with exponential back-off, the last 10 to 20 min after the first; the second follows from a delay that doubles).',
    retries: [seconds(200, 400), seconds(600, 1_200)],
  },
  /** 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h after the attempt before (Svix, "Retry schedule", read 2026-11). No jitter is documented. */
  svix: {
    sentence:
      'a refused webhook is retried seven times, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h after the attempt before (the schedule that Svix documents; without jitter).',
    retries: [5, 305, 2_105, 9_305, 27_305, 63_305, 99_305].map((after) => seconds(after)),
  },
  none: { sentence: 'a refused webhook is lost: the provider does not retry.', retries: [] },
} as const satisfies Record<string, Provider>;

export type ProviderName = keyof typeof providers;
export const providerNames = Object.keys(providers) as ProviderName[];
