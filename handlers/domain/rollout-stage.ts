/** Which users have the connection, as the operator has set it. Clients read it (docs/client.md). */
export interface RolloutStage {
  /** Share of all users, 0 to 1. */
  share: number;
  /** The kill switch: nobody, whatever the share. */
  off: boolean;
}

/** As long as nobody has set one. */
export const noStage: RolloutStage = { share: 0, off: false };

/** @throws an error whose message is a sentence. */
export function parseStage(given: unknown): RolloutStage {
  const { share, off }: Partial<Record<string, unknown>> =
    typeof given === 'object' && given !== null ? { ...given } : {};
  if (typeof share !== 'number' || !(share >= 0 && share <= 1) || typeof off !== 'boolean')
    throw new Error('A stage is {"share": a number from 0 to 1, "off": true or false}.');
  return { share, off };
}

export interface RolloutStages {
  read(): Promise<RolloutStage>;
}

/** Reads at most once in so many ms; the last answer stands while a later read fails. */
export function remembered(
  stages: RolloutStages,
  { forMs, nowMs }: { forMs: number; nowMs: () => number },
): RolloutStages {
  let last: { stage: RolloutStage; atMs: number } | null = null;
  return {
    async read() {
      if (last !== null && nowMs() - last.atMs < forMs) return last.stage;
      const atMs = nowMs();
      try {
        last = { stage: await stages.read(), atMs };
      } catch (error) {
        if (last === null) throw error;
      }
      return last.stage;
    },
  };
}
