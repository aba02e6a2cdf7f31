/** What of the ways in for webhooks goes together. */
import type { z } from 'zod';

interface IngestSettings {
  ingest: string;
  webhookApi: 'http' | 'rest';
  forwardUrl: string | null;
}

export function checkIngest(settings: IngestSettings, context: z.RefinementCtx): void {
  if ((settings.ingest === 'forward') !== (settings.forwardUrl !== null))
    context.addIssue({
      code: 'custom',
      path: ['forwardUrl'],
      message:
        settings.forwardUrl === null
          ? 'must be set with ingest forward: where webhooks are sent on to'
          : `must be null with ingest ${settings.ingest}: only forward sends webhooks on`,
    });
  if (settings.ingest === 'mock' && settings.webhookApi !== 'rest')
    context.addIssue({
      code: 'custom',
      path: ['webhookApi'],
      message: 'must be rest with ingest mock: HTTP APIs have no mock integration',
    });
}
